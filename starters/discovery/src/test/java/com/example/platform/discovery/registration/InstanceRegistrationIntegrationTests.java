package com.example.platform.discovery.registration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class InstanceRegistrationIntegrationTests {

	private final JsonMapper json = new JsonMapper();

	@Test
	void anInstanceRegistersWithItsPortsAndBuildAndPassesItsCheck() {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		try (ConfigurableApplicationContext context = run(agent.port(), "full")) {
			await().until(() -> passing(registry, "full").size() == 1);
			JsonNode service = passing(registry, "full").get(0).path("Service");
			assertThat(service.path("ID").asString()).isEqualTo("full-1");
			assertThat(service.path("Address").asString()).isEqualTo("127.0.0.1");
			assertThat(service.path("Port").asInt()).isEqualTo(httpPort(context));
			JsonNode metadata = service.path("Meta");
			assertThat(metadata.path("management_port").asString()).isEqualTo("" + httpPort(context));
			assertThat(metadata.path("grpc_port").asInt()).isPositive().isNotEqualTo(httpPort(context));
			assertThat(metadata.path("zone").asString()).isEqualTo("local");
			assertThat(metadata.has("version")).isTrue();
			assertThat(metadata.has("git_revision")).isTrue();
		}
	}

	@Test
	void anInstanceLeavesTheRegistryBeforeItsServerCloses() {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		ConfigurableApplicationContext context = run(agent.port(), "leaving", "--platform.discovery.drain-delay=5s");
		await().until(() -> passing(registry, "leaving").size() == 1);
		int port = httpPort(context);
		CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
		await().until(() -> passing(registry, "leaving").isEmpty());
		assertThat(accepts(port)).as("the server still accepts while callers notice").isTrue();
		closing.join();
		assertThat(accepts(port)).isFalse();
	}

	@Test
	void anInstanceThatConsulHasLostRegistersAgain() {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		try (ConfigurableApplicationContext context = run(agent.port(), "lost")) {
			await().until(() -> passing(registry, "lost").size() == 1);
			registry.deregister("lost-1");
			await().until(() -> passing(registry, "lost").size() == 1);
			assertThat(context.isRunning()).isTrue();
		}
	}

	@Test
	void anInstanceThatStartsWithoutConsulRegistersWhenConsulComes(CapturedOutput output) {
		int port = TestServers.freePort();
		try (ConfigurableApplicationContext context = run(port, "early")) {
			await().until(() -> output.getAll().contains("Consul did not register early-1"));
			try (ConsulAgent agent = TestServers.newConsul(port)) {
				TestRegistry registry = new TestRegistry(agent);
				await().until(() -> passing(registry, "early").size() == 1);
				assertThat(context.isRunning()).isTrue();
			}
		}
	}

	private static ConfigurableApplicationContext run(int consulPort, String name, String... more) {
		SpringApplication application = new SpringApplication(Application.class);
		String[] arguments = { "--spring.application.name=" + name, "--server.port=0", "--spring.grpc.server.port=0",
				"--spring.cloud.consul.discovery.instance-id=" + name + "-1", "--spring.cloud.consul.host=127.0.0.1",
				"--spring.cloud.consul.port=" + consulPort, "--management.endpoint.health.probes.enabled=true" };
		String[] all = new String[arguments.length + more.length];
		System.arraycopy(arguments, 0, all, 0, arguments.length);
		System.arraycopy(more, 0, all, arguments.length, more.length);
		return application.run(all);
	}

	private JsonNode passing(TestRegistry registry, String service) {
		return json.readTree(registry.get("/v1/health/service/" + service + "?passing=true"));
	}

	private static int httpPort(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private static boolean accepts(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		// Without any service there is no gRPC server.
		@Bean
		BindableService emptyService() {
			return () -> ServerServiceDefinition.builder("test.EmptyService").build();
		}

	}

}
