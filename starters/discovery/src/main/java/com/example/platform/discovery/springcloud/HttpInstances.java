package com.example.platform.discovery.springcloud;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.example.platform.discovery.ServiceEndpoint;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

/**
 * The instances of a service as Spring Cloud calls them by HTTP. One whose HTTP port is
 * no port is left out, with an error in the log. Thread-safe.
 */
public final class HttpInstances {

	private static final Log log = LogFactory.getLog(HttpInstances.class);

	private final Set<String> reported = ConcurrentHashMap.newKeySet();

	/**
	 * Leaves out those that cannot be called by HTTP.
	 * @param endpoints all instances
	 * @return those with an HTTP port, in the same order
	 */
	public List<ServiceEndpoint> usable(List<ServiceEndpoint> endpoints) {
		return endpoints.stream().filter(this::isUsable).toList();
	}

	/**
	 * Returns an instance as Spring Cloud describes it.
	 * @param endpoint one with an HTTP port
	 * @return the same instance
	 */
	public static ServiceInstance of(ServiceEndpoint endpoint) {
		return new DefaultServiceInstance(endpoint.instanceId(), endpoint.service(), endpoint.host(), endpoint.port(),
				Boolean.parseBoolean(endpoint.metadata().get("secure")), endpoint.metadata());
	}

	private boolean isUsable(ServiceEndpoint endpoint) {
		boolean usable = endpoint.httpPort().isPresent();
		if (!usable && reported.add(endpoint.instanceId())) {
			log.error("Instance " + endpoint.instanceId() + " of " + endpoint.service()
					+ " is registered with the port " + endpoint.port()
					+ " and gets no HTTP requests. See spring.cloud.consul.discovery.port of the instance.");
		}
		return usable;
	}

}
