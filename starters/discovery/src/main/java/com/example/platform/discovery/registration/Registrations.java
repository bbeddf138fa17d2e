package com.example.platform.discovery.registration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.example.platform.discovery.ServiceEndpoint;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationProperties;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.model.http.agent.NewService;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoRegistration;
import org.springframework.cloud.consul.serviceregistry.ConsulRegistrationCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Composes what an instance registers: Spring Cloud Consul's registration as configured
 * by {@code spring.cloud.consul.discovery.*}, completed by the ports, the build and the
 * weight as metadata, and by checks of our own.
 *
 * @param discovery the configuration
 * @param context the application; its environment knows the ports once the servers run
 * @param customizers the application's own additions
 * @param grpcServer the gRPC server, if there is one
 * @param build version of the application, if it was built with build information
 * @param git commit of the application, if it was built in a git checkout
 */
public record Registrations(ConsulDiscoveryProperties discovery, ApplicationContext context,
		List<ConsulRegistrationCustomizer> customizers, GrpcServer grpcServer, @Nullable BuildProperties build,
		@Nullable GitProperties git) {

	static final String WEIGHT = "platform.discovery.weight";

	private static final String UNKNOWN = "unknown";

	Registration compose() {
		Environment environment = context.getEnvironment();
		int port = environment.getRequiredProperty("local.server.port", Integer.class);
		int managementPort = environment.getProperty("local.management.port", Integer.class, port);
		HeartbeatProperties noHeartbeat = new HeartbeatProperties();
		NewService service = ConsulAutoRegistration
			.registration(new AutoServiceRegistrationProperties(), discovery, context, customizers, List.of(),
					noHeartbeat)
			.getService();
		if (service.getPort() == null) {
			service.setPort(port);
		}
		if (service.getCheck() == null && discovery.isRegisterHealthCheck()) {
			service.setCheck(ConsulAutoRegistration.createCheck(managementPort, noHeartbeat, discovery));
		}
		Map<String, String> metadata = new LinkedHashMap<>(service.getMeta());
		metadata.put(ServiceEndpoint.MANAGEMENT_PORT, Integer.toString(managementPort));
		int grpcPort = grpcServer.port();
		if (grpcPort > 0) {
			metadata.put(ServiceEndpoint.GRPC_PORT, Integer.toString(grpcPort));
		}
		int weight = environment.getProperty(WEIGHT, Integer.class, 1);
		metadata.putIfAbsent(ServiceEndpoint.WEIGHT, Integer.toString(weight));
		metadata.put(ServiceEndpoint.VERSION,
				Objects.requireNonNullElse((build != null) ? build.getVersion() : null, UNKNOWN));
		metadata.put(ServiceEndpoint.GIT_REVISION,
				Objects.requireNonNullElse((git != null) ? git.getShortCommitId() : null, UNKNOWN));
		service.setMeta(metadata);
		return new Registration(service, (grpcPort > 0 && grpcServer.servesHealth()) ? grpcPort : null, weight);
	}

	/**
	 * The gRPC server of this process, which starts after the beans are made. Safe for
	 * use by several threads.
	 */
	public static final class GrpcServer {

		private volatile int port;

		private volatile boolean servesHealth;

		/**
		 * Says that the server runs.
		 * @param port the port it listens on; not positive when it listens on none
		 * @param servesHealth whether it answers gRPC's health checks without TLS
		 */
		public void started(int port, boolean servesHealth) {
			this.servesHealth = servesHealth;
			this.port = port;
		}

		int port() {
			return port;
		}

		boolean servesHealth() {
			return servesHealth;
		}

	}

}
