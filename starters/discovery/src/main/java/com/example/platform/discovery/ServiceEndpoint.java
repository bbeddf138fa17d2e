package com.example.platform.discovery;

import java.util.Map;
import java.util.OptionalInt;

/**
 * Where one instance of a service can be reached.
 *
 * @param instanceId unique in the registry, such as {@code user-service-1}
 * @param service the service's name
 * @param host host name or IP address
 * @param port the HTTP port
 * @param metadata what the instance said about itself when it registered, such as version
 * and zone
 * @param weight its share of the calls relative to other instances, at least 0; what it
 * gets with 0 is up to the balancing
 */
public record ServiceEndpoint(String instanceId, String service, String host, int port, Map<String, String> metadata,
		int weight) {

	/**
	 * Metadata key of the gRPC port.
	 */
	public static final String GRPC_PORT = "grpc_port";

	/**
	 * Metadata key of the port that serves health and metrics.
	 */
	public static final String MANAGEMENT_PORT = "management_port";

	/**
	 * Metadata key of the application's version.
	 */
	public static final String VERSION = "version";

	/**
	 * Metadata key of the zone.
	 */
	public static final String ZONE = "zone";

	/**
	 * Metadata key of the weight. It goes before the weights that Consul itself keeps for
	 * a service.
	 */
	public static final String WEIGHT = "weight";

	/**
	 * Metadata key of the abbreviated git commit that the application was built from.
	 */
	public static final String GIT_REVISION = "git_revision";

	public ServiceEndpoint {
		metadata = Map.copyOf(metadata);
	}

	/**
	 * Returns the gRPC port.
	 * @return empty when the instance registered none, or something that is not a port
	 */
	public OptionalInt grpcPort() {
		try {
			int grpcPort = Integer.parseInt(metadata.getOrDefault(GRPC_PORT, ""));
			return (grpcPort > 0 && grpcPort <= 65535) ? OptionalInt.of(grpcPort) : OptionalInt.empty();
		}
		catch (NumberFormatException ex) {
			return OptionalInt.empty();
		}
	}

}
