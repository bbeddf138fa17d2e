package com.example.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceView;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionWriter;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class StartWithoutConsulIntegrationTests {

	@Test
	void whomTheRoutesNameIsKnownBeforeTheFirstRequestAndKeptForTheNextStart(@TempDir Path snapshots)
			throws IOException {
		ConsulAgent agent = TestServers.newConsul();
		try (Backend users = new Backend()) {
			new TestRegistry(agent).register("user-service", "user-service-1", users.port(), Map.of());
			try (ConfigurableApplicationContext gateway = start(agent, snapshots)) {
				agent.close();
				assertThat(client(gateway).get("/api/users/1").statusCode()).isEqualTo(200);
			}
			try (ConfigurableApplicationContext gateway = start(agent, snapshots)) {
				assertThat(client(gateway).get("/api/users/1").statusCode()).isEqualTo(200);
				assertThat(client(gateway).get("/api/orders/1").statusCode()).isEqualTo(503);
			}
		}
	}

	@Test
	void whomARouteNamesThatComesLaterIsWatchedToo(@TempDir Path snapshots) {
		ConsulAgent agent = TestServers.newConsul();
		try (agent; ConfigurableApplicationContext gateway = start(agent, snapshots)) {
			RouteDefinition later = new RouteDefinition("later=lb:ws://late-service,Path=/late/**");
			gateway.getBean(RouteDefinitionWriter.class).save(Mono.just(later)).block();
			gateway.publishEvent(new RefreshRoutesEvent(this));
			await().until(() -> gateway.getBean(ServiceDirectory.class)
				.views()
				.stream()
				.map(ServiceView::service)
				.anyMatch("late-service"::equals));
		}
	}

	private static ConfigurableApplicationContext start(ConsulAgent agent, Path snapshots) {
		return SpringApplication.run(GatewayApplication.class, "--server.port=0", "--management.server.port=0",
				"--spring.cloud.config.enabled=false", "--spring.cloud.consul.port=" + agent.port(),
				"--platform.discovery.snapshots=" + snapshots);
	}

	private static GatewayClient client(ConfigurableApplicationContext gateway) {
		return new GatewayClient(
				Integer.parseInt(Objects.requireNonNull(gateway.getEnvironment().getProperty("local.server.port"))));
	}

}
