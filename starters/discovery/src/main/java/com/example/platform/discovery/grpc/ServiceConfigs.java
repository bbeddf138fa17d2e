package com.example.platform.discovery.grpc;

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
public interface ServiceConfigs {

	/**
	 * Tells channels nothing.
	 */
	ServiceConfigs NONE = new ServiceConfigs() {

		@Override
		public Map<String, ?> of(String service) {
			return Map.of();
		}

		@Override
		public Subscription subscribe(Runnable listener) {
			return () -> {
			};
		}

	};

	/**
	 * Returns the present config of a service.
	 * @param service the service's name
	 * @return the config as parsed JSON: maps, lists, strings, doubles and booleans
	 */
	Map<String, ?> of(String service);

	/**
	 * Tells a listener of each change of any config.
	 * @param listener called after a change, by any thread
	 * @return ends the subscription when closed
	 */
	Subscription subscribe(Runnable listener);

}
