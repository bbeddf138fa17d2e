package com.example.platform.consul;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.springframework.util.StringUtils;

/**
 * An instance of a service as Consul knows it, with what its checks say. Made of Consul's
 * answers; what is absent there is empty here.
 *
 * @param node the machine it runs on
 * @param service what it registered
 * @param checks its own checks and those of the node
 */
public record HealthEntry(@JsonProperty("Node") Node node, @JsonProperty("Service") Service service,
		@JsonProperty("Checks") List<Check> checks) {

	public HealthEntry {
		if (service == null || !StringUtils.hasLength(service.id)) {
			throw new IllegalArgumentException("Consul's answer has an instance without an id");
		}
		node = Objects.requireNonNullElse(node, new Node(""));
		checks = List.copyOf(Objects.requireNonNullElse(checks, List.of()));
	}

	/**
	 * Returns where the instance is.
	 * @return the address that it registered, otherwise the one of its node
	 */
	public String host() {
		return service.address.isEmpty() ? node.address : service.address;
	}

	/**
	 * Returns the check that decides: a critical one before one that warns. Maintenance
	 * is a critical check too, of the node or of the service.
	 * @return empty when all checks pass
	 */
	public Optional<Check> worst() {
		return checks.stream()
			.filter((check) -> check.status() != Check.Status.PASSING)
			.max(Comparator.comparing(Check::status));
	}

	/**
	 * Tells whether no check is against the instance.
	 * @return whether all of them pass
	 */
	public boolean isPassing() {
		return worst().isEmpty();
	}

	/**
	 * A machine.
	 *
	 * @param address its address
	 */
	public record Node(@JsonProperty("Address") String address) {

		public Node {
			address = Objects.requireNonNullElse(address, "");
		}

	}

	/**
	 * What an instance registered.
	 *
	 * @param id unique in the registry
	 * @param name the name of the service
	 * @param address where it is; empty when it is where its node is
	 * @param port its port; 0 for none
	 * @param tags its tags
	 * @param metadata what it said about itself, such as version and zone
	 * @param weights its share of the calls
	 */
	public record Service(@JsonProperty("ID") String id, @JsonProperty("Service") String name,
			@JsonProperty("Address") String address, @JsonProperty("Port") int port,
			@JsonProperty("Tags") List<String> tags, @JsonProperty("Meta") Map<String, String> metadata,
			@JsonProperty("Weights") Weights weights) {

		public Service {
			name = Objects.requireNonNullElse(name, "");
			address = Objects.requireNonNullElse(address, "");
			tags = List.copyOf(Objects.requireNonNullElse(tags, List.of()));
			metadata = Map.copyOf(Objects.requireNonNullElse(metadata, Map.of()));
			weights = Objects.requireNonNullElse(weights, new Weights(1, 1));
		}

	}

	/**
	 * Shares of the calls relative to other instances of the service.
	 *
	 * @param passing the share while all checks pass
	 * @param warning the share while one warns
	 */
	public record Weights(@JsonProperty("Passing") int passing, @JsonProperty("Warning") int warning) {
	}

}
