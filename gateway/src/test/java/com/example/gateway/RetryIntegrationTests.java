package com.example.gateway;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.example.gateway.Backend.Received;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import com.example.platform.test.WithConsul;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.TestConstructor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.cloud.config.enabled=false", "management.server.port=0",
				"spring.cloud.gateway.server.webflux.httpclient.response-timeout=2s",
				"platform.gateway.max-held-body=10KB", "platform.load-balancing.defaults.policy=round-robin",
				"platform.load-balancing.defaults.ejection.enabled=false" })
@WithConsul
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class RetryIntegrationTests {

	private static final String TIMEOUT = "X-Request-Timeout";

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final Backend one = new Backend();

	private final Backend two = new Backend();

	private final int port;

	private final GatewayClient client;

	private final CalledServices services;

	private final MeterRegistry meters;

	private final LiveConfiguration live;

	private final ConfigurableEnvironment environment;

	RetryIntegrationTests(@LocalServerPort int port, CalledServices services, MeterRegistry meters,
			LiveConfiguration live, ConfigurableEnvironment environment) throws IOException {
		this.port = port;
		this.client = new GatewayClient(port);
		this.services = services;
		this.meters = meters;
		this.live = live;
		this.environment = environment;
	}

	@BeforeEach
	void register() {
		for (String service : List.of("user-service", "order-service")) {
			registry.register(service, service + "-1", one.port(), Map.of());
			registry.register(service, service + "-2", two.port(), Map.of());
		}
		await().until(() -> client.reaches(one, "/api/users/1") && client.reaches(two, "/api/users/1")
				&& client.reaches(one, "/api/orders/1") && client.reaches(two, "/api/orders/1"));
		one.received().clear();
		two.received().clear();
	}

	@AfterEach
	void deregister() {
		Stream.of("user-service-1", "user-service-2", "order-service-1", "order-service-2")
			.forEach(registry::deregister);
		one.close();
		two.close();
	}

	@Test
	void whatWasNeverSentIsRepeatedWithAnyMethodAndAnyBody() {
		one.close();
		String large = "x".repeat(50_000);
		for (int i = 0; i < 4; i++) {
			assertThat(post("/api/users", large).statusCode()).isEqualTo(200);
			assertThat(client.send(client.request("/api/users").PUT(chunked(large))).statusCode()).isEqualTo(200);
			assertThat(client.get("/api/users/1").statusCode()).isEqualTo(200);
		}
		assertThat(two.received()).hasSize(12);
		assertThat(two.received().stream().filter((received) -> received.body().equals(large))).hasSize(8);
	}

	@Test
	void anInstanceToWhichNothingCanBeSentCostsNoRequest() {
		Map<String, String> tls = Map.of("secure", "true");
		registry.register("user-service", "user-service-3", "my_host", two.port(), Map.of());
		// Consul answers a TLS handshake in plain text.
		registry.register("user-service", "user-service-4", "127.0.0.1", TestServers.consul().port(), tls);
		registry.register("user-service", "user-service-5", "127.0.0.1", 0, Map.of());
		await().until(() -> services.service("user-service").view().size() == 4);
		try {
			for (int i = 0; i < 20; i++) {
				assertThat(post("/api/users", "x").statusCode()).isEqualTo(200);
			}
			one.close();
			two.close();
			for (int i = 0; i < 10; i++) {
				HttpResponse<String> response = post("/api/users", "x");
				assertThat(response.statusCode()).isEqualTo(503);
				assertThat(response.body()).contains("The request was not processed");
			}
		}
		finally {
			Stream.of("user-service-3", "user-service-4", "user-service-5").forEach(registry::deregister);
			await().until(() -> services.service("user-service").view().size() == 2);
		}
	}

	@Test
	void aReadIsRepeatedElsewhereWhenTheConnectionIsLost() {
		one.answerWith(Backend.NO_ANSWER);
		for (int i = 0; i < 10; i++) {
			assertThat(client.get("/api/users/1").statusCode()).isEqualTo(200);
		}
		assertThat(two.received()).hasSize(10);
		assertThat(one.received()).hasSizeBetween(1, 10);
	}

	@Test
	void aReadIsRepeatedElsewhereWhenTheInstanceIsUnavailable() {
		one.answerWith(503);
		for (int i = 0; i < 10; i++) {
			HttpResponse<String> response = client.get("/api/users/1");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains(Integer.toString(two.port()));
		}
		assertThat(two.received()).hasSize(10);
	}

	@Test
	void whatFailsEverywhereIsAnsweredAsTheLastAttemptWas() {
		one.answerWith(503);
		two.answerWith(503);
		HttpResponse<String> response = client.get("/api/users/1");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.body()).contains("port");
		assertThat(received()).hasSize(3);
	}

	@Test
	void otherAnswersAreNotRepeated() {
		one.answerWith(500);
		two.answerWith(500);
		assertThat(client.get("/api/users/1").statusCode()).isEqualTo(500);
		assertThat(received()).hasSize(1);
	}

	@Test
	void everyAttemptCountsAgainstTheInstanceWhereItFailed() {
		long before = failures(one);
		one.answerWith(Backend.NO_ANSWER);
		for (int i = 0; i < 10; i++) {
			client.get("/api/users/1");
		}
		assertThat(failures(one) - before).isEqualTo(one.received().size());
		assertThat(failures(two)).isZero();
	}

	@Test
	void aWriteIsNeverRepeatedOnceItWasSent() {
		for (int failure : new int[] { Backend.NO_ANSWER, Backend.RESET, 503 }) {
			one.received().clear();
			two.received().clear();
			one.answerWith(failure);
			two.answerWith(failure);
			assertThat(post("/api/users", "x".repeat(60_000)).statusCode()).isIn(502, 503);
			assertThat(received()).as("failure %d", failure).hasSize(1);
		}
	}

	@Test
	void aWriteWithAnIdempotencyKeyIsRepeatedWithItsBodyWhereTheRouteHonoursTheKey() {
		one.answerWith(Backend.NO_ANSWER);
		two.answerAfter(Duration.ofMillis(50));
		for (int i = 0; i < 10; i++) {
			assertThat(place("order-" + i).statusCode()).isEqualTo(200);
		}
		assertThat(two.received()).hasSize(10);
		assertThat(one.received()).isNotEmpty();
		assertThat(received()).allSatisfy((received) -> {
			assertThat(received.headers().getFirst("Idempotency-Key")).isEqualTo(received.body());
			assertThat(received.headers().getFirst("Content-Length"))
				.isEqualTo(Integer.toString(received.body().length()));
		});
	}

	@Test
	void aWriteWithAnIdempotencyKeyIsNotRepeatedElsewise() {
		one.answerWith(Backend.NO_ANSWER);
		two.answerWith(Backend.NO_ANSWER);
		for (HttpRequest.Builder unsafe : List.of(client.request("/api/users").POST(BodyPublishers.ofString("{}")),
				client.request("/api/orders/1").PUT(BodyPublishers.ofString("{}")),
				client.request("/api/orders/1").DELETE())) {
			one.received().clear();
			two.received().clear();
			assertThat(client.send(unsafe.header("Idempotency-Key", "key")).statusCode()).isEqualTo(502);
			assertThat(received()).hasSize(1);
		}
	}

	@Test
	void anAnswerToAWriteIsNotRepeatedEvenWithAnIdempotencyKey() {
		one.answerWith(503);
		two.answerWith(503);
		assertThat(place("key").statusCode()).isEqualTo(503);
		assertThat(received()).hasSize(1);
	}

	@Test
	void aBodyThatIsTooLargeToBeKeptIsSentOnce() {
		one.answerWith(Backend.NO_ANSWER);
		two.answerWith(Backend.NO_ANSWER);
		String large = "x".repeat(10 * 1024 + 1);
		for (HttpRequest.BodyPublisher body : List.of(BodyPublishers.ofString(large), chunked("small"))) {
			one.received().clear();
			two.received().clear();
			assertThat(
					client.send(client.request("/api/orders").header("Idempotency-Key", "key").POST(body)).statusCode())
				.isEqualTo(502);
			assertThat(received()).hasSize(1);
		}
	}

	@Test
	void aBodyThatIsTooLargeToBeKeptArrivesWhole() {
		String large = "x".repeat(500_000);
		assertThat(client
			.send(client.request("/api/orders").header("Idempotency-Key", "key").POST(BodyPublishers.ofString(large)))
			.statusCode()).isEqualTo(200);
		assertThat(received()).singleElement().matches((received) -> received.body().equals(large));
	}

	@Test
	void aBodyThatDoesNotArriveIsNotWaitedForBeyondTheDeadline() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.getOutputStream()
				.write("POST /api/orders HTTP/1.1\r\nHost: gateway\r\nIdempotency-Key: key\r\nContent-Length: 9\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
				.readLine()).startsWith("HTTP/1.1 408 ");
		}
		assertThat(received()).isEmpty();
	}

	@Test
	void whatWasSentIsRepeatedOnlyWithinTheBudget() {
		configure(Map.of("platform.gateway.retry.budget.share", "0", "platform.gateway.retry.budget.min-per-second",
				"0", "platform.gateway.retry.budget.burst", "1"));
		double refusedBefore = retries("unavailable", "budget-exhausted");
		double repeatedBefore = retries("unavailable", "repeated");
		one.answerWith(503);
		two.answerWith(503);
		assertThat(client.get("/api/users/1").statusCode()).isEqualTo(503);
		assertThat(received()).hasSize(2);
		assertThat(client.get("/api/users/1").statusCode()).isEqualTo(503);
		assertThat(received()).hasSize(3);
		assertThat(retries("unavailable", "repeated") - repeatedBefore).isEqualTo(1);
		assertThat(retries("unavailable", "budget-exhausted") - refusedBefore).isEqualTo(2);

		one.close();
		two.answerWith(200);
		for (int i = 0; i < 4; i++) {
			assertThat(client.get("/api/users/1").statusCode()).isEqualTo(200);
		}
		configure(Map.of());
	}

	@Test
	void oneAttemptMeansNoRepetition() {
		configure(Map.of("platform.gateway.retry.max-attempts", "1"));
		one.answerWith(503);
		two.answerWith(503);
		assertThat(client.get("/api/users/1").statusCode()).isEqualTo(503);
		assertThat(received()).hasSize(1);
		configure(Map.of());
	}

	@Test
	void whenAllInstancesAreDownTheAnswerIsThatTheRequestWasNotProcessed() {
		double before = retries("not-connected", "attempts-exhausted");
		one.close();
		two.close();
		HttpResponse<String> response = post("/api/users", "{}");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.body()).contains("The request was not processed");
		assertThat(retries("not-connected", "attempts-exhausted") - before).isEqualTo(1);
	}

	@Test
	void allAttemptsShareOneDeadlineAndKnowWhatIsLeftOfIt() {
		for (Backend backend : List.of(one, two)) {
			backend.answerWith(Backend.NO_ANSWER);
			backend.answerAfter(Duration.ofMillis(800));
		}
		assertThat(client.get("/api/users/1").statusCode()).isEqualTo(504);
		List<Long> left = received().stream().map(RetryIntegrationTests::timeout).sorted().toList();
		assertThat(left).hasSize(3);
		assertThat(left.get(2)).isLessThanOrEqualTo(2000);
		assertThat(left.get(1)).isLessThanOrEqualTo(left.get(2) - 800);
		assertThat(left.get(0)).isLessThanOrEqualTo(left.get(1) - 800);
	}

	@Test
	void anInstanceThatHangsIsCountedAsFailing() {
		one.answerAfter(Duration.ofMinutes(1));
		two.answerAfter(Duration.ofMinutes(1));
		long before = failures(one) + failures(two);
		assertThat(client.get("/api/users/1").statusCode()).isEqualTo(504);
		assertThat(failures(one) + failures(two) - before).isEqualTo(1);
	}

	@Test
	void theCallerMayAskForAnEarlierDeadlineWhichCountsAgainstNoInstance() {
		one.answerAfter(Duration.ofMinutes(1));
		two.answerAfter(Duration.ofMinutes(1));
		long before = failures(one) + failures(two);
		assertThat(client.send(client.request("/api/users/1").header(TIMEOUT, "300")).statusCode()).isEqualTo(504);
		assertThat(received()).hasSize(1).allMatch((received) -> timeout(received) <= 300);
		assertThat(failures(one) + failures(two)).isEqualTo(before);
	}

	@Test
	void theCallerCannotAskForALaterDeadlineNorForNonsense() {
		for (String asked : List.of("60000", "-1", "soon", "99999999999")) {
			assertThat(client.send(client.request("/api/users/1").header(TIMEOUT, asked)).statusCode()).isEqualTo(200);
		}
		assertThat(received()).hasSize(4).allMatch((received) -> timeout(received) <= 2000);
	}

	@Test
	void aRequestWithoutAnyTimeLeftReachesNobody() {
		assertThat(client.send(client.request("/api/users/1").header(TIMEOUT, "0")).statusCode()).isEqualTo(504);
		assertThat(received()).isEmpty();
	}

	private void configure(Map<String, Object> settings) {
		environment.getPropertySources().remove("saved");
		environment.getPropertySources().addFirst(new MapPropertySource("saved", settings));
		live.reload();
	}

	private double retries(String reason, String outcome) {
		Counter counter = meters.find("platform.gateway.retries")
			.tags("service", "user-service", "reason", reason, "outcome", outcome)
			.counter();
		return (counter != null) ? counter.count() : 0;
	}

	private long failures(Backend backend) {
		return services.service("user-service")
			.view()
			.stream()
			.filter((instance) -> instance.port() == backend.port())
			.mapToLong(InstanceView::failures)
			.sum();
	}

	private List<Received> received() {
		return Stream.of(one, two).flatMap((backend) -> backend.received().stream()).toList();
	}

	private static long timeout(Received received) {
		return Long.parseLong(received.headers().getFirst(TIMEOUT));
	}

	private static HttpRequest.BodyPublisher chunked(String body) {
		return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
	}

	private HttpResponse<String> post(String path, String body) {
		return client.send(client.request(path).POST(BodyPublishers.ofString(body)));
	}

	private HttpResponse<String> place(String key) {
		return client
			.send(client.request("/api/orders").header("Idempotency-Key", key).POST(BodyPublishers.ofString(key)));
	}

}
