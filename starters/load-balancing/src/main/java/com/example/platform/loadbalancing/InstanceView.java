package com.example.platform.loadbalancing;

import java.util.Map;

import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.loadbalancing.policy.Node;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an instance.
 *
 * @param id unique in the registry
 * @param host host name or address
 * @param port the HTTP port
 * @param metadata what it registered with
 * @param weight its share of the calls relative to others
 * @param warmUp the share of its weight that it gets while it warms up, 1 afterwards
 * @param inFlight calls under way from this process
 * @param responseMillis moving average of the response time
 * @param picks calls sent to it
 * @param failures calls that failed
 * @param ejections how often it was taken out
 * @param out why it gets no calls; {@code null} when it does
 */
public record InstanceView(String id, String host, int port, Map<String, String> metadata, int weight, double warmUp,
		int inFlight, double responseMillis, long picks, long failures, int ejections, @Nullable String out) {

	static InstanceView of(ServiceEndpoint endpoint, Node node, int ejections, @Nullable String out) {
		return new InstanceView(node.id(), endpoint.host(), endpoint.port(), endpoint.metadata(), node.weight(),
				node.warmUp(), node.inFlight(), node.responseTime() / 1e6, node.picks(), node.failures(), ejections,
				out);
	}

}
