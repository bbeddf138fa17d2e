package com.example.platform.consul;

import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Sessions, which hold keys of the {@linkplain KeyValueStore#acquire store} as locks
 * until one of their checks is critical. What is returned fails as {@link Consul#get}
 * does.
 *
 * @see <a href=
 * "https://developer.hashicorp.com/consul/docs/dynamic-app-config/sessions">Sessions</a>
 */
public final class Sessions {

	private final Consul consul;

	Sessions(Consul consul) {
		this.consul = consul;
	}

	/**
	 * Makes a session on the agent's node.
	 * @param session its definition, as JSON
	 * @return its id; fails when one of its checks is critical, or not in the catalog
	 * yet, which follows the agent with a delay
	 */
	public CompletableFuture<String> create(String session) {
		return consul.put("/v1/session/create", session, (body) -> Consul.JSON.readValue(body, Created.class).id());
	}

	/**
	 * Tells whether there is a session.
	 * @param id the session's id
	 * @return whether it has neither been destroyed nor been lost
	 */
	public CompletableFuture<Boolean> exists(String id) {
		return consul.get("/v1/session/info/" + id,
				(body) -> !Consul.read(body.orElse("[]"), Created[].class).isEmpty());
	}

	/**
	 * Ends a session, if there is one. What it holds can be had after its lock delay.
	 * @param id the session's id
	 * @return completes when there is none any more
	 */
	public CompletableFuture<?> destroy(String id) {
		return consul.put("/v1/session/destroy/" + id, "");
	}

	private record Created(@JsonProperty("ID") String id) {
	}

}
