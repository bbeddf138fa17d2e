package com.example.gateway.home;

import java.net.URI;
import java.util.List;

/**
 * What runs, as the page shows it.
 *
 * @param consul address of Consul's agent
 * @param services what is registered, by name
 */
record SystemView(URI consul, List<Service> services) {

	/**
	 * A service.
	 *
	 * @param name its name
	 * @param instances those that get calls, and those that do not
	 */
	record Service(String name, List<Instance> instances) {
	}

	/**
	 * An instance of a service.
	 *
	 * @param id its id in Consul
	 * @param http where it answers, empty if that is not known
	 * @param actuator where its health and metrics are, empty if that is not known
	 * @param grpc host and port of its gRPC server, empty without one
	 * @param problem why it gets no calls, empty if it gets some
	 */
	record Instance(String id, String http, String actuator, String grpc, String problem) {
	}

}
