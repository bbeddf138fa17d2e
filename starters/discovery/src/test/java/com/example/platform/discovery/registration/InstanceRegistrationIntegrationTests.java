package com.example.platform.discovery.registration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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
	void anInstanceThatIsReadyAtOnceRegistersOnce(CapturedOutput output) {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		try (ConfigurableApplicationContext context = run(agent.port(), "once")) {
			await().until(() -> passing(registry, "once").size() == 1);
			await().until(() -> output.getAll().contains("Registered as once-1, ready"));
			assertThat(output.getAll()).doesNotContain("Registered as once-1, starting");
			assertThat(context.isRunning()).isTrue();
		}
	}

	@Test
	void aRefusedRegistrationIsAnErrorInTheLogThatTellsWhy(CapturedOutput output) {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		try (ConfigurableApplicationContext context = run(agent.port(), "refused",
				"--spring.cloud.consul.discovery.health-check-interval=often")) {
			await().until(() -> output.getAll()
				.contains("Consul did not register refused-1, so nobody can find this instance: "));
			assertThat(output.getAll()).contains("HTTP 400").contains("often");
			assertThat(passing(registry, "refused")).isEmpty();
			assertThat(context.isRunning()).isTrue();
		}
	}

	@Test
	void anInstanceWhoseGrpcServerHangsIsOutThoughItsHttpServerAnswers() {
		ConsulAgent agent = TestServers.consul();
		HangingHealth health = new HangingHealth();
		SpringApplication application = application(agent.port(), "hung");
		application.addInitializers((context) -> ((GenericApplicationContext) context).registerBean("hangingHealth",
				BindableService.class, () -> health));
		try (ConfigurableApplicationContext context = application.run("--spring.grpc.server.health.enabled=false");
				ConfigurableApplicationContext other = run(agent.port(), "hung",
						"--spring.cloud.consul.discovery.instance-id=hung-2");
				Consul consul = new Consul(agent.address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1))) {
			await().until(() -> directory.instances("hung").join().size() == 2);
			health.hangs.set(true);
			await().until(() -> directory.instances("hung").join().size() == 1);
			assertThat(directory.view("hung").unavailable()).containsOnlyKeys("hung-1");
			assertThat(directory.view("hung").unavailable().get("hung-1")).contains("hung-1:grpc");
			assertThat(context.getBean(InstanceRegistration.class).state()).isEqualTo(InstanceState.PASSING);
			health.hangs.set(false);
			await().until(() -> directory.instances("hung").join().size() == 2);
			assertThat(other.isRunning()).isTrue();
		}
	}

	@Test
	void anInstanceIsInTheRegistryBeforeItIsReadyAndCallableAtOnceWhenItIs() {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		AtomicReference<InstanceState> atStart = new AtomicReference<>();
		SpringApplication application = application(agent.port(), "staged");
		application.addInitializers((context) -> ((GenericApplicationContext) context)
			.registerBean(ApplicationRunner.class, () -> (arguments) -> {
				await().until(() -> lifecycle(registry, "staged").path("Notes").asString().equals("starting"));
				assertThat(lifecycle(registry, "staged").path("Status").asString()).isEqualTo("critical");
				atStart.set(context.getBean(InstanceRegistration.class).state());
			}));
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(atStart).hasValue(InstanceState.STARTING);
			await().until(() -> passing(registry, "staged").size() == 1);
			assertThat(context.getBean(InstanceRegistration.class).state()).isEqualTo(InstanceState.PASSING);
			assertThat(context.getBean(MeterRegistry.class)
				.get("platform.discovery.instance.state")
				.tag("state", "passing")
				.gauge()
				.value()).isEqualTo(1);
			await().untilAsserted(() -> assertThat(checkIds(registry, "staged")).containsExactlyInAnyOrder("serfHealth",
					"staged-1:lifecycle", "staged-1:readiness", "staged-1:grpc"));
			assertThat(passing(registry, "staged")).hasSize(1);
		}
	}

	@Test
	void anInstanceDrainsInTheRegistryWhileItsServersStillAnswerAndLeavesLast() {
		ConsulAgent agent = TestServers.consul();
		ConfigurableApplicationContext context = run(agent.port(), "leaving", "--platform.discovery.drain-delay=5s");
		try (Consul consul = new Consul(agent.address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1))) {
			await().until(() -> directory.instances("leaving").join().size() == 1);
			int port = httpPort(context);
			CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
			await().until(() -> directory.instances("leaving").join().isEmpty());
			assertThat(accepts(port)).as("the server still accepts while callers notice").isTrue();
			assertThat(directory.view("leaving").unavailable().get("leaving-1")).contains("draining");
			closing.join();
			assertThat(accepts(port)).isFalse();
			await().until(() -> directory.view("leaving").unavailable().isEmpty());
		}
	}

	@Test
	void anInstanceWhoseReadinessIsWithdrawnGetsNoCallsUntilItIsBack() {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		try (ConfigurableApplicationContext context = run(agent.port(), "pausing")) {
			await().until(() -> passing(registry, "pausing").size() == 1);
			AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
			await().until(() -> passing(registry, "pausing").isEmpty());
			AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
			await().until(() -> passing(registry, "pausing").size() == 1);
		}
	}

	// Sooner than the next heartbeat, so that one whose only trouble was that Consul was
	// away
	// passes as soon as it is back.
	@Test
	void anInstanceOfWhichAComponentIsDownWarnsAndNamesItAsSoonAsItHasRegistered() {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		SpringApplication application = application(agent.port(), "warning");
		application.addInitializers((context) -> ((GenericApplicationContext) context)
			.registerBean("mailHealthIndicator", HealthIndicator.class, () -> () -> Health.down().build()));
		try (ConfigurableApplicationContext context = application.run()) {
			await().atMost(Duration.ofSeconds(8))
				.until(() -> lifecycle(registry, "warning").path("Status").asString().equals("warning"));
			assertThat(lifecycle(registry, "warning").path("Output").asString()).isEqualTo("down: mail");
			assertThat(checks(registry, "warning"))
				.noneMatch((check) -> check.path("Status").asString().equals("critical"));
			assertThat(context.getBean(InstanceRegistration.class).state()).isEqualTo(InstanceState.WARNING);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "lifecycle", "readiness", "grpc" })
	void aCheckThatConsulHasLostComesBack(String check, CapturedOutput output) {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		String name = "unchecked-" + check;
		try (Consul consul = new Consul(agent.address(), null);
				ConfigurableApplicationContext context = run(agent.port(), name)) {
			await().until(() -> checkIds(registry, name).size() == 4);
			consul.put("/v1/agent/check/deregister/" + name + "-1:" + check, "").join();
			await().until(() -> output.getAll().contains("Consul has lost the registration of " + name + "-1"));
			await().until(() -> checkIds(registry, name).size() == 4 && passing(registry, name).size() == 1);
			assertThat(context.isRunning()).isTrue();
		}
	}

	@Test
	void aWeightThatChangesIsRegisteredAndTheInstanceStaysAvailable() {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		try (ConfigurableApplicationContext context = run(agent.port(), "weighted");
				Consul consul = new Consul(agent.address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1))) {
			List<List<Integer>> weights = new CopyOnWriteArrayList<>();
			await().until(() -> directory.instances("weighted").join().size() == 1);
			directory.subscribe("weighted",
					(endpoints) -> weights.add(endpoints.stream().map(ServiceEndpoint::weight).toList()));
			LiveConfiguration live = context.getBean(LiveConfiguration.class);
			TestPropertyValues.of("platform.discovery.weight=7").applyTo(context);
			live.reload();
			await().until(() -> weights.contains(List.of(7)));
			for (String wrong : List.of("-1", "many")) {
				TestPropertyValues.of("platform.discovery.weight=" + wrong).applyTo(context);
				assertThatExceptionOfType(BindException.class).isThrownBy(live::reload);
			}
			TestPropertyValues.of("platform.discovery.weight=9").applyTo(context);
			live.reload();
			await().until(() -> weights.contains(List.of(9)));
			assertThat(weights).containsExactly(List.of(1), List.of(7), List.of(9));
			assertThat(passing(registry, "weighted").get(0).path("Service").path("Weights").path("Passing").asInt())
				.isEqualTo(9);
		}
	}

	@Test
	void whenConsulRestartsEmptyTheInstanceIsBackWithItsState() {
		int port = TestServers.freePort();
		ConsulAgent first = TestServers.newConsul(port);
		TestRegistry registry = new TestRegistry(first);
		try (ConfigurableApplicationContext context = run(port, "restarted")) {
			await().until(() -> passing(registry, "restarted").size() == 1);
			first.close();
			await().until(() -> !ConsulAgent.answers(port));
			try (ConsulAgent second = TestServers.newConsul(port)) {
				assertThat(second.port()).isEqualTo(port);
				await().until(() -> passing(registry, "restarted").size() == 1);
				assertThat(context.isRunning()).isTrue();
			}
		}
	}

	@Test
	void anInstanceThatConsulHasLostRegistersAgainThoughAnotherIsThere(CapturedOutput output) {
		ConsulAgent agent = TestServers.consul();
		TestRegistry registry = new TestRegistry(agent);
		registry.register("lost", "lost-2", 2, Map.of());
		try (ConfigurableApplicationContext context = run(agent.port(), "lost")) {
			await().until(() -> passing(registry, "lost").size() == 2);
			registry.deregister("lost-1");
			await().until(() -> output.getAll().contains("Consul has lost the registration of lost-1"));
			await().until(() -> passing(registry, "lost").size() == 2);
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

	static ConfigurableApplicationContext run(int consulPort, String name, String... more) {
		return application(consulPort, name).run(more);
	}

	private static SpringApplication application(int consulPort, String name) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setDefaultProperties(Map.of("spring.application.name", name, "server.port", "0",
				"spring.grpc.server.port", "0", "spring.cloud.consul.discovery.instance-id", name + "-1",
				"spring.cloud.consul.host", "127.0.0.1", "spring.cloud.consul.port", "" + consulPort,
				"spring.cloud.config.enabled", "false", "management.endpoint.health.probes.enabled", "true"));
		return application;
	}

	private List<String> checkIds(TestRegistry registry, String service) {
		return checks(registry, service).map((check) -> check.path("CheckID").asString()).toList();
	}

	private JsonNode lifecycle(TestRegistry registry, String service) {
		return checks(registry, service)
			.filter((check) -> check.path("CheckID").asString().equals(service + "-1:lifecycle"))
			.findFirst()
			.orElse(MissingNode.getInstance());
	}

	private Stream<JsonNode> checks(TestRegistry registry, String service) {
		return json.readTree(registry.get("/v1/health/service/" + service)).path(0).path("Checks").valueStream();
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

	private static final class HangingHealth extends HealthGrpc.HealthImplBase {

		private final AtomicBoolean hangs = new AtomicBoolean();

		@Override
		public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
			if (!hangs.get()) {
				answer.onNext(
						HealthCheckResponse.newBuilder().setStatus(HealthCheckResponse.ServingStatus.SERVING).build());
				answer.onCompleted();
			}
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
