package com.example.platform.discovery;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where one instance of a service can be reached.
 *
 * @param instanceId unique in the registry, such as {@code user-service-1}
 * @param service the service's name
 * @param host host name or IP address
 * @param port the HTTP port as registered
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
	 * Tells whether calls can go to a host: a name or an address as it stands in a URI,
	 * but not the unspecified address, which leads every caller to itself. Whether a name
	 * can be resolved is not looked up.
	 * @param host what an instance registered as its address
	 * @return whether it can be called
	 */
	public static boolean isUsable(String host) {
		String inUri = (host.contains(":") && !host.startsWith("[")) ? "[" + host + "]" : host;
		try {
			return inUri.equals(new URI("http://" + inUri + ":1").getHost()) && !isUnspecified(inUri);
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	private static boolean isUnspecified(String host) {
		try {
			// What is an address is not looked up.
			return host.matches("\\[.*]|[0-9.]+") && InetAddress.getByName(host).isAnyLocalAddress();
		}
		catch (UnknownHostException ex) {
			// The scope of an address may be unknown here.
			return false;
		}
	}

	/**
	 * Returns the HTTP port.
	 * @return empty when the instance registered something that is not a port
	 */
	public OptionalInt httpPort() {
		return isPort(port) ? OptionalInt.of(port) : OptionalInt.empty();
	}

	/**
	 * Returns the gRPC port.
	 * @return empty when the instance registered none, or something that is not a port
	 */
	public OptionalInt grpcPort() {
		try {
			int grpcPort = Integer.parseInt(metadata.getOrDefault(GRPC_PORT, ""));
			return isPort(grpcPort) ? OptionalInt.of(grpcPort) : OptionalInt.empty();
		}
		catch (NumberFormatException ex) {
			return OptionalInt.empty();
		}
	}

	private static boolean isPort(int number) {
		return number > 0 && number <= 65535;
	}

}
