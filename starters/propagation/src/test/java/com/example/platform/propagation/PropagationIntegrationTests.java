package com.example.platform.propagation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestConstructor;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A caller, a service in between, and a service behind it, with real servers.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.grpc.server.port=0", "spring.grpc.server.address=127.0.0.1",
				"spring.grpc.server.health.enabled=false", "spring.mvc.problemdetails.enabled=true",
				"platform.propagation.headers=x-canary,x-user-id" })
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class PropagationIntegrationTests {

	private static Downstream downstream;

	private final HttpClient http = HttpClient.newHttpClient();

	private final int port;

	private final ManagedChannel channel;

	PropagationIntegrationTests(@LocalServerPort int port, GrpcServerLifecycle grpcServer) {
		this.port = port;
		this.channel = ManagedChannelBuilder.forAddress("127.0.0.1", grpcServer.getPort()).usePlaintext().build();
	}

	@BeforeAll
	static void start() throws IOException {
		downstream = new Downstream();
	}

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("test.downstream-grpc-port", () -> downstream.grpcPort());
		registry.add("test.downstream-http-port", () -> downstream.httpPort());
	}

	@AfterAll
	static void stop() {
		downstream.close();
	}

	@AfterEach
	void close() {
		channel.shutdownNow();
	}

	@Test
	void whatIsLeftOfAnHttpRequestsTimeIsTheDeadlineOfTheGrpcCallsMadeForIt() throws Exception {
		send("/grpc", "X-Request-Timeout", "5000");
		assertThat(millis("deadline", downstream.next())).isBetween(1L, 5000L);
	}

	@Test
	void grpcCallsMadeForAnHttpRequestAreCancelledAtItsDeadline() throws Exception {
		assertThat(send("/hang", "X-Request-Timeout", "1000").body()).isEqualTo("DEADLINE_EXCEEDED");
		assertThat(millis("deadline", downstream.next())).isLessThanOrEqualTo(1000);
		assertThat(downstream.isCancelled()).isTrue();
	}

	@Test
	void grpcCallsStillUnderWayWhenTheRequestIsOverAreCancelled() throws Exception {
		send("/abandon", "X-Request-Timeout", "60000");
		downstream.next();
		assertThat(downstream.isCancelled()).isTrue();
	}

	@Test
	void theDeadlineOfAGrpcCallIsThatOfTheGrpcCallsMadeForIt() throws Exception {
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(
				() -> HealthGrpc.newBlockingStub(channel).withDeadlineAfter(1, TimeUnit.SECONDS).check(service("hang")))
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
		assertThat(millis("deadline", downstream.next())).isLessThanOrEqualTo(1000);
		assertThat(downstream.isCancelled()).isTrue();
	}

	@Test
	void whatIsLeftOfTheTimeGoesOnOverHttp() throws Exception {
		send("/http", "X-Request-Timeout", "5000");
		assertThat(millis("X-Request-Timeout", downstream.next())).isBetween(1L, 5000L);
		HealthGrpc.newBlockingStub(channel).withDeadlineAfter(5, TimeUnit.SECONDS).check(service("http"));
		assertThat(millis("X-Request-Timeout", downstream.next())).isBetween(1L, 5000L);
	}

	@Test
	void aRequestWithoutATimeoutHasNoDeadline() throws Exception {
		send("/grpc", "X-Other", "1");
		assertThat(downstream.next()).doesNotContainKey("deadline");
		send("/http", "X-Request-Timeout", "soon");
		assertThat(downstream.next()).doesNotContainKey("X-Request-Timeout");
	}

	@Test
	void aRequestWithoutAnyTimeLeftIsAnsweredAtOnce() throws Exception {
		HttpResponse<String> response = send("/grpc", "X-Request-Timeout", "0");
		assertThat(response.statusCode()).isEqualTo(504);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(downstream.isIdle()).isTrue();
	}

	@Test
	void chosenHeadersGoFromHttpOnOverGrpcAndHttp() throws Exception {
		for (String path : new String[] { "/grpc", "/http" }) {
			send(path, "X-Canary", "true", "x-user-id", "7", "x-other", "1");
			assertThat(downstream.next()).containsEntry("x-canary", "true")
				.containsEntry("x-user-id", "7")
				.doesNotContainKey("x-other");
		}
	}

	@Test
	void chosenHeadersGoFromGrpcOnOverGrpcAndHttp() throws Exception {
		Metadata metadata = new Metadata();
		metadata.put(Metadata.Key.of("x-canary", Metadata.ASCII_STRING_MARSHALLER), "true");
		metadata.put(Metadata.Key.of("x-other", Metadata.ASCII_STRING_MARSHALLER), "1");
		HealthGrpc.HealthBlockingStub stub = HealthGrpc.newBlockingStub(channel)
			.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
		for (String service : new String[] { "grpc", "http" }) {
			stub.check(service(service));
			assertThat(downstream.next()).containsEntry("x-canary", "true").doesNotContainKey("x-other");
		}
	}

	@Test
	void aRequestLeavesNothingToTheNextOne() throws Exception {
		for (int i = 0; i < 20; i++) {
			send("/grpc", "x-canary", "true", "X-Request-Timeout", "5000");
			downstream.next();
			send("/grpc", "x-other", "1");
			assertThat(downstream.next()).doesNotContainKeys("x-canary", "deadline");
		}
	}

	@Test
	void whatIsNotFitToBeSentIsLeftOut() throws Exception {
		send("/grpc", "x-canary", "x".repeat(257));
		assertThat(downstream.next()).doesNotContainKey("x-canary");
	}

	private static long millis(String name, Map<String, String> received) {
		return Long.parseLong(received.getOrDefault(name, "none"));
	}

	private static HealthCheckRequest service(String name) {
		return HealthCheckRequest.newBuilder().setService(name).build();
	}

	private HttpResponse<String> send(String path, String... headers) throws IOException, InterruptedException {
		return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).headers(headers).build(),
				BodyHandlers.ofString());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Controller.class, Service.class })
	static class Application {

		@Bean
		HealthGrpc.HealthBlockingStub stub(GrpcChannelFactory channels,
				@Value("${test.downstream-grpc-port}") int port) {
			return HealthGrpc.newBlockingStub(channels.createChannel("static://127.0.0.1:" + port));
		}

		@Bean
		RestClient restClient(RestClient.Builder builder, @Value("${test.downstream-http-port}") int port) {
			return builder.baseUrl("http://127.0.0.1:" + port).build();
		}

	}

	@RestController
	static class Controller {

		private final HealthGrpc.HealthBlockingStub stub;

		private final RestClient client;

		Controller(HealthGrpc.HealthBlockingStub stub, RestClient client) {
			this.stub = stub;
			this.client = client;
		}

		@GetMapping("/grpc")
		String grpc() {
			return stub.check(service("")).getStatus().name();
		}

		@GetMapping("/hang")
		String hang() {
			try {
				return stub.check(service("hang")).getStatus().name();
			}
			catch (StatusRuntimeException ex) {
				return ex.getStatus().getCode().name();
			}
		}

		@GetMapping("/abandon")
		String abandon() {
			var unused = HealthGrpc.newFutureStub(stub.getChannel()).check(service("hang"));
			await().until(() -> !downstream.isIdle());
			return "";
		}

		@GetMapping("/http")
		String http() {
			client.get().retrieve().toBodilessEntity();
			return "";
		}

	}

	static class Service extends HealthGrpc.HealthImplBase implements BindableService {

		private final Controller controller;

		Service(Controller controller) {
			this.controller = controller;
		}

		@Override
		public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
			switch (request.getService()) {
				case "http" -> controller.http();
				case "hang" -> controller.hang();
				default -> controller.grpc();
			}
			observer.onNext(HealthCheckResponse.getDefaultInstance());
			observer.onCompleted();
		}

	}

}
