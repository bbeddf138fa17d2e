package com.example.platform.consul;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import tools.jackson.core.type.TypeReference;

import org.springframework.web.util.UriUtils;

/**
 * What the local agent itself keeps: the instances that registered with it and their
 * checks. The catalog follows it with a delay. What is returned fails as
 * {@link Consul#get} does.
 */
public final class Agent {

	private static final TypeReference<Map<String, Check>> CHECKS = new TypeReference<>() {
	};

	private final Consul consul;

	Agent(Consul consul) {
		this.consul = consul;
	}

	/**
	 * Registers an instance, or replaces what it registered. Of a check that the agent
	 * knows, it keeps the status.
	 * @param service the service definition, as JSON
	 * @return completes when the agent has accepted
	 */
	public CompletableFuture<?> register(String service) {
		return consul.put("/v1/agent/service/register", service);
	}

	/**
	 * Removes an instance.
	 * @param id the instance's id
	 * @return completes when the agent has accepted
	 */
	public CompletableFuture<?> deregister(String id) {
		return consul.put("/v1/agent/service/deregister/" + UriUtils.encode(id, StandardCharsets.UTF_8), "");
	}

	/**
	 * Says how an instance is.
	 * @param checkId its check, which has a time to live
	 * @param status what the check says from now on
	 * @param output for people
	 * @return completes when the agent has accepted
	 */
	public CompletableFuture<?> update(String checkId, Check.Status status, String output) {
		return consul.put("/v1/agent/check/update/" + UriUtils.encode(checkId, StandardCharsets.UTF_8),
				Consul.JSON.writeValueAsString(Map.of("Status", status, "Output", output)));
	}

	/**
	 * Reads the checks of an instance.
	 * @param instance the instance's id
	 * @return its checks; empty when the agent does not know it
	 */
	public CompletableFuture<Collection<Check>> checks(String instance) {
		return consul.get("/v1/agent/checks?filter=" + Consul.isEqual("ServiceID", instance),
				(body) -> Consul.JSON.readValue(body.orElse("{}"), CHECKS).values());
	}

}
