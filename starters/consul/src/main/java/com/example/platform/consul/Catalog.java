package com.example.platform.consul;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import tools.jackson.core.type.TypeReference;

/**
 * The services that have instances, with the tags that these registered.
 */
public final class Catalog {

	private static final TypeReference<Map<String, List<String>>> TAGS = new TypeReference<>() {
	};

	private static final String PATH = "/v1/catalog/services";

	private final Consul consul;

	Catalog(Consul consul) {
		this.consul = consul;
	}

	/**
	 * Reads the services.
	 * @return tags by service; fails as {@link Consul#get} does
	 */
	public CompletableFuture<Map<String, List<String>>> services() {
		return consul.get(PATH, Catalog::tags);
	}

	/**
	 * Watches the services.
	 * @param listener gets the tags by service
	 * @return the running watch
	 */
	public BlockingQuery watch(WatchListener<Map<String, List<String>>> listener) {
		return consul.watch(PATH, Catalog::tags, listener);
	}

	private static Map<String, List<String>> tags(Optional<String> body) {
		return Consul.JSON.readValue(body.orElse("{}"), TAGS);
	}

}
