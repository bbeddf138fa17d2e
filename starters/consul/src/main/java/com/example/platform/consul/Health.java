package com.example.platform.consul;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.springframework.web.util.UriUtils;

/**
 * The instances of services, with their health. What is no list of instances is refused,
 * or half an answer would pass for a service without any.
 */
public final class Health {

	private final Consul consul;

	Health(Consul consul) {
		this.consul = consul;
	}

	/**
	 * Reads the instances of a service that can be called.
	 * @param service the service's name
	 * @return those of which all checks pass; fails as {@link Consul#get} does
	 */
	public CompletableFuture<List<HealthEntry>> passing(String service) {
		return consul.get(path(service) + "?passing=true", Health::entries);
	}

	/**
	 * Watches the instances of a service.
	 * @param service the service's name
	 * @param listener gets all instances, healthy or not
	 * @return the running watch
	 */
	public BlockingQuery watch(String service, WatchListener<List<HealthEntry>> listener) {
		return consul.watch(path(service), Health::entries, listener);
	}

	/**
	 * Watches one instance. Were it the whole list, each change would send as many lists
	 * as there are instances.
	 * @param service the service's name
	 * @param instance the instance's id
	 * @param listener gets its entries, of which there may be several after a node has
	 * crashed
	 * @return the running watch
	 */
	public BlockingQuery watch(String service, String instance, WatchListener<List<HealthEntry>> listener) {
		return consul.watch(path(service) + "?filter=" + Consul.isEqual("Service.ID", instance), Health::entries,
				listener);
	}

	private static String path(String service) {
		return "/v1/health/service/" + UriUtils.encode(service, StandardCharsets.UTF_8);
	}

	private static List<HealthEntry> entries(Optional<String> body) {
		return Consul.read(body.orElse(""), HealthEntry[].class);
	}

}
