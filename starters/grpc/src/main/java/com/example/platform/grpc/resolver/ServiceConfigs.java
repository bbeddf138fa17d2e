package com.example.platform.grpc.resolver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.example.platform.discovery.ServiceDirectory.Subscription;

/**
 * What channels are told of each service besides its addresses: gRPC's service config,
 * such as deadlines and retries. A change reaches the calls that start after it; no
 * channel is closed.
 *
 * <p>
 * Called by several threads; must not block.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/service_config.md">gRPC's
 * service config</a>
 */
@FunctionalInterface
public interface ServiceConfigs {

	/**
	 * Puts configs together, each of which has keys of its own.
	 * @param parts the configs; of a key that two have, the first counts
	 * @return their union
	 */
	static ServiceConfigs union(List<ServiceConfigs> parts) {
		return new ServiceConfigs() {

			@Override
			public Map<String, ?> of(String service) {
				Map<String, Object> union = new HashMap<>();
				parts.forEach((part) -> part.of(service).forEach(union::putIfAbsent));
				return union;
			}

			@Override
			public Subscription subscribe(Runnable listener) {
				List<Subscription> subscriptions = parts.stream().map((part) -> part.subscribe(listener)).toList();
				return () -> subscriptions.forEach(Subscription::close);
			}

		};
	}

	/**
	 * Returns the present config of a service.
	 * @param service the service's name
	 * @return the config as parsed JSON: maps, lists, strings, doubles and booleans
	 */
	Map<String, ?> of(String service);

	/**
	 * Tells a listener of each change of any config, of which there is none by default.
	 * @param listener called after a change, by any thread
	 * @return ends the subscription when closed
	 */
	default Subscription subscribe(Runnable listener) {
		return () -> {
		};
	}

}
