package com.example.platform.discovery.registration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

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
 * by {@code spring.cloud.consul.discovery.*}, completed by the ports and the build as
 * metadata.
 *
 * @param discovery the configuration
 * @param context the application; its environment knows the ports once the servers run
 * @param customizers the application's own additions
 * @param grpcPort the gRPC server's port, 0 while or when there is none
 * @param build version of the application, if it was built with build information
 * @param git commit of the application, if it was built in a git checkout
 */
public record Registrations(ConsulDiscoveryProperties discovery, ApplicationContext context,
		List<ConsulRegistrationCustomizer> customizers, AtomicInteger grpcPort, @Nullable BuildProperties build,
		@Nullable GitProperties git) implements Supplier<NewService> {

	private static final String UNKNOWN = "unknown";

	@Override
	public NewService get() {
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
		if (grpcPort.get() > 0) {
			metadata.put(ServiceEndpoint.GRPC_PORT, Integer.toString(grpcPort.get()));
		}
		metadata.put(ServiceEndpoint.VERSION,
				Objects.requireNonNullElse((build != null) ? build.getVersion() : null, UNKNOWN));
		metadata.put(ServiceEndpoint.GIT_REVISION,
				Objects.requireNonNullElse((git != null) ? git.getShortCommitId() : null, UNKNOWN));
		service.setMeta(metadata);
		return service;
	}

}
