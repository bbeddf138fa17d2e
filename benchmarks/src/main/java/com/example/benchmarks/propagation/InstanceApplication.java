package com.example.benchmarks.propagation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import com.example.launcher.process.Await;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * An instance that serves the actuator's health over HTTP and the standard health service
 * over gRPC. Who registers it depends on its class path: the starters, or without them
 * Spring Cloud Consul.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public final class InstanceApplication {

	/** The property that names the file whose existence lets the instance be ready. */
	static final String GATE = "instance.gate";

	private static final Duration GATE_TIMEOUT = Duration.ofMinutes(5);

	private static final Duration GATE_POLL = Duration.ofMillis(20);

	/**
	 * Runs an instance until it is told to stop.
	 * @param arguments Spring Boot's, such as {@code --server.port=8101}
	 */
	public static void main(String... arguments) {
		SpringApplication.run(InstanceApplication.class, arguments);
	}

	// Many start at once, and are ready one by one when the processor has nothing else to
	// do.
	@Bean
	ApplicationRunner gate(Environment environment) {
		Path gate = Path.of(environment.getRequiredProperty(GATE));
		return (arguments) -> Await.until(GATE_TIMEOUT, GATE_POLL, () -> Files.exists(gate));
	}

	// Without any service there is no gRPC server.
	@Bean
	BindableService emptyService() {
		return () -> ServerServiceDefinition.builder("benchmarks.EmptyService").build();
	}

}
