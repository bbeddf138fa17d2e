package com.example.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import com.example.platform.test.WithConsul;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.test.context.TestConstructor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What clients and services send that HTTP libraries do not, over plain sockets.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.cloud.config.enabled=false", "management.server.port=0",
				"spring.cloud.gateway.server.webflux.httpclient.response-timeout=2s",
				"platform.load-balancing.defaults.ejection.enabled=false" })
@WithConsul
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class EdgeIntegrationTests {

	private static final String TIMEOUT = "X-Request-Timeout: ";

	// Name of the thread that has cancelled a call last.
	private static final AtomicReference<String> CANCELLING = new AtomicReference<>("");

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final RawBackend service = new RawBackend();

	private final int port;

	private final CalledServices services;

	private final MeterRegistry meters;

	EdgeIntegrationTests(@LocalServerPort int port, CalledServices services, MeterRegistry meters) throws IOException {
		this.port = port;
		this.services = services;
		this.meters = meters;
	}

	@BeforeEach
	void register() {
		registry.register("user-service", "user-service-1", service.port(), Map.of());
		await().until(() -> get("/api/users/1").startsWith("HTTP/1.1 200") && !service.heads().isEmpty());
		service.heads().clear();
	}

	@AfterEach
	void deregister() throws IOException {
		registry.deregister("user-service-1");
		service.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/users?after=%35&size=1&sig=QUJD=", "/api/users?a=[1]&b=%5B1%5D",
			"/api/users?q=é&r=%35", "/api/users?q=文", "/api/users/文/à", "/api/users?", "/api/users/1?&&",
			"/api/users?a&&b=&=c&==d=e", "/api/users?a=1+2%2b3%2B4", "/api/users/a%3Bb=c", "/api/users//1",
			"/api/users/%00", "/api/users/%e4%2b", "/api/users?a=%zz&b=%&c=%4", "/api/users?a={b}|c^d`e\\f\"g<h>",
			"/api/users/a:b@c!$&'()*+,=~", "/api/users/[1]{2}|3", "/api/users?a=b?c/d", "/api/users?a=%2F&b=/",
			"/api/users?a=%25%32%35", "/api/users?a=%2525", "/api/users?url=http://a/b?c=d&e=f",
			"/api/users?a=b%20c;d" })
	void aTargetPassesByteForByte(String target) {
		assertThat(get(utf8(target))).startsWith("HTTP/1.1 200");
		assertThat(target()).isEqualTo(utf8(target));
	}

	@Test
	void anyTargetPassesByteForByte() {
		long seed = ThreadLocalRandom.current().nextLong();
		Random random = new Random(seed);
		for (int i = 0; i < 500; i++) {
			String target = "/api/users/" + part(random, "?\\%.;#", "%41", "%e4", "%00", "%7f", "%C3%BC", utf8("é文😀"))
					+ (random.nextBoolean() ? "?" + part(random, "#", "%41", "%2F", "%zz", "==", "&&", utf8("é文😀"))
							: "");
			service.heads().clear();
			assertThat(get(target)).as("seed %d, target %s", seed, target).startsWith("HTTP/1.1 200");
			assertThat(target()).as("seed %d", seed).isEqualTo(target);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/users/%zz", "/api/users/%", "/api/users/\u0001", "/api/users?a=\u007f",
			"/api/users?a=\u00e9", "/api/users/\u00ff\u00fe", "/api/users/a\\b", "/api/users/..", "/api/users/%2e%2E/x",
			"/api/users/a%2fb", "/api/users/a;b=c", "/api/users/1#a" })
	void aTargetThatServicesMayReadInMoreThanOneWayReachesNobody(String latin1) {
		assertThat(get(latin1)).startsWith("HTTP/1.1 400");
		assertThat(service.heads()).isEmpty();
	}

	@ParameterizedTest
	@ExtendWith(OutputCaptureExtension.class)
	@ValueSource(strings = { "zz\r\n{}", "1\r\n{\r\nzz\r\n", "2\r\n{}\r\n-1\r\n", "2\r\n{}XX0\r\n\r\n", "2\r\n{}",
			"2\r\n{}\r\n0\r\nno colon\r\n\r\n", "2\r\n{}\r\n99999999999\r\n" })
	void ofABrokenBodyNoServiceTakesAPartForTheWhole(String chunks, CapturedOutput output) throws Exception {
		CompletableFuture<String> received = new CompletableFuture<>();
		service.answer((head, socket) -> {
			ByteArrayOutputStream body = new ByteArrayOutputStream();
			try {
				socket.getInputStream().transferTo(body);
			}
			finally {
				received.complete(body.toString(StandardCharsets.ISO_8859_1));
			}
		});
		long before = failures();
		assertThat(send("POST /api/users HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\n" + chunks))
			.startsWith("HTTP/1.1 4");
		assertThat(service.heads()).hasSizeLessThanOrEqualTo(1);
		if (!service.heads().isEmpty()) {
			assertThat(received.get(10, TimeUnit.SECONDS)).doesNotContain("0\r\n\r\n");
		}
		await().until(() -> inFlight() == 0);
		assertThat(failures()).isEqualTo(before);
		LogFactory.getLog(getClass()).info("the last line");
		await().until(() -> output.getOut().contains("the last line"));
		assertThat(output.getOut()).doesNotContain("\tat ");
	}

	@Test
	void aLongTargetPasses() {
		String target = "/api/users?a=" + "x=[".repeat(2300);
		assertThat(get(target)).startsWith("HTTP/1.1 200");
		assertThat(target()).isEqualTo(target);
	}

	@Test
	void aTargetInAbsoluteFormPassesInOriginForm() {
		assertThat(send("GET http://example.org/api/users?a=%35&b==[ HTTP/1.1", "")).startsWith("HTTP/1.1 200");
		assertThat(target()).isEqualTo("/api/users?a=%35&b==[");
	}

	@Test
	void aFilterChangesOnlyItsPartOfTheTarget() {
		assertThat(get("/stripped/api/users/[1]?a=%35&b==[")).startsWith("HTTP/1.1 200");
		assertThat(target()).isEqualTo("/api/users/%5B1%5D?a=%35&b==[");
		service.heads().clear();
		assertThat(get("/added/[1]?a=%35&b==[")).startsWith("HTTP/1.1 200");
		assertThat(target()).isEqualTo("/added/[1]?a=%35&b=%3D%5B&more=1");
	}

	@Test
	void nobodyElseSetsTheTarget() {
		send("GET /api/users/1 HTTP/1.1", "x-gateway-request-target: /actuator\r\n");
		send("GET /api/users/1?a==[ HTTP/1.1", "X-Gateway-Request-Target: /actuator\r\n");
		assertThat(service.heads()).hasSize(2)
			.allMatch((head) -> head.startsWith("GET /api/users/1") && !head.contains("arget"));
	}

	@ParameterizedTest
	@CsvSource({ "TRACE, 405", "INVENTED, 501", "get, 501", "PROPFIND, 501" })
	void aMethodThatNoServiceKnowsReachesNobody(String method, int status) {
		assertThat(send(method + " /api/users/1 HTTP/1.1", "")).startsWith("HTTP/1.1 " + status)
			.contains("Allow: ", "application/problem+json", "method: must be one of [");
		assertThat(send("CONNECT example.org:443 HTTP/1.1", "")).startsWith("HTTP/1.1 405");
		assertThat(service.heads()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "Content-Length: 10\r\n\r\nhello" })
	void anAnswerThatBreaksOffIsNotPassedOnAsWhole(String part) throws IOException {
		service.answer((head, socket) -> {
			RawBackend.write(socket, "HTTP/1.1 200 OK\r\n" + part);
			socket.close();
		});
		try (Socket client = connect("GET /api/users/1 HTTP/1.1\r\nHost: a\r\n\r\n")) {
			// Until the gateway ends the connection, for which nobody asks.
			assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
				.startsWith("HTTP/1.1 200")
				.doesNotEndWith("0\r\n\r\n");
		}
	}

	@Test
	void aBodyIsWholeWhateverComesBehindIt() throws IOException {
		String head = "POST /api/users HTTP/1.1\r\nHost: a\r\n";
		String broken = head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n";
		try (Socket client = connect(head + "Content-Length: 2\r\n\r\n{}" + broken)) {
			assertThat(RawBackend.head(client.getInputStream())).startsWith("HTTP/1.1 200");
		}
	}

	@Test
	void anExpectationThatNobodyKnowsReachesNobody() {
		assertThat(send("GET /api/users/1 HTTP/1.1", "Expect: wonders\r\n")).startsWith("HTTP/1.1 417")
			.contains("application/problem+json", "Expect: must be 100-continue");
		assertThat(service.heads()).isEmpty();
		assertThat(send("POST /api/users HTTP/1.1", "Expect: 100-Continue\r\nContent-Length: 0\r\n"))
			.contains("HTTP/1.1 200");
	}

	@Test
	void aBodyThatIsNotCompleteInTimeIsTheClientsFault() throws IOException {
		service.answer((head, socket) -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
		long before = failures();
		assertThat(send("POST /api/users HTTP/1.1", "Content-Length: 9\r\n\r\n{")).startsWith("HTTP/1.1 408")
			.contains("onnection: close", "body: did not arrive in time");
		assertThat(send("POST /api/users HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"))
			.startsWith("HTTP/1.1 408");
		assertThat(send("PUT /api/users HTTP/1.1", TIMEOUT + "300\r\nContent-Length: 9\r\n\r\n{"))
			.startsWith("HTTP/1.1 408");
		assertThat(failures()).isEqualTo(before);
		assertThat(send("POST /api/users HTTP/1.1", "Content-Length: 1\r\n\r\n{")).startsWith("HTTP/1.1 504");
		assertThat(failures()).isEqualTo(before + 1);
	}

	@Test
	void aServiceThatReadsNoBodyIsCharged() throws Exception {
		CompletableFuture<Void> over = new CompletableFuture<>();
		service.answer((head, socket) -> over.join());
		long before = failures();
		String body = "x".repeat(1_000_000);
		assertThat(send("POST /api/users HTTP/1.1", "Content-Length: 1000000\r\n\r\n" + body))
			.startsWith("HTTP/1.1 504");
		assertThat(failures()).isEqualTo(before + 1);
		over.complete(null);
	}

	@Test
	void aServiceIsAskedOnceTheBodyIsThereAndNotIfItNeverComes() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			RawBackend.write(socket, "POST /api/users HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{");
			await().until(() -> heldBytes() == 1);
		}
		await().until(() -> heldBytes() == 0);
		assertThat(service.heads()).isEmpty();
		assertThat(send("POST /api/users HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
			.startsWith("HTTP/1.1 200");
		assertThat(service.heads()).singleElement()
			.asString()
			.containsIgnoringCase("content-length: 3")
			.doesNotContainIgnoringCase("transfer-encoding");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Upgrade: h2c\r\n", "Upgrade: anything\r\n" })
	void aRequestUnderWayIsCountedWhateverItSaysOfUpgrading(String header) throws Exception {
		CompletableFuture<Void> over = new CompletableFuture<>();
		service.answer((head, socket) -> {
			over.join();
			RawBackend.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
		});
		CompletableFuture<String> answer = CompletableFuture
			.supplyAsync(() -> send("GET /api/users/1 HTTP/1.1", header));
		await().until(() -> !service.heads().isEmpty());
		assertThat(callsUnderWay()).isEqualTo(1);
		over.complete(null);
		assertThat(answer.get()).startsWith("HTTP/1.1 200");
		await().until(() -> callsUnderWay() == 0);
	}

	// Elsewhere it may close the connection when the next request has it already.
	@Test
	void aDeadlineEndsARequestOnTheEventLoopOfItsConnection() throws IOException {
		service.answer((head, socket) -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
		for (String deadline : List.of(TIMEOUT + "300\r\n", "")) {
			assertThat(send("GET /api/users/1 HTTP/1.1", deadline)).startsWith("HTTP/1.1 504");
			await().untilAsserted(() -> assertThat(CANCELLING.get()).startsWith("reactor-http"));
			CANCELLING.set("");
		}
	}

	@Test
	void aServiceThatSeesTheDeadlineFirstIsNotCharged() {
		service.answer((head, socket) -> RawBackend.write(socket,
				"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n"));
		long before = failures();
		assertThat(send("GET /api/users/1 HTTP/1.1", TIMEOUT + "300\r\n")).startsWith("HTTP/1.1 504");
		assertThat(failures()).isEqualTo(before);
	}

	@Test
	void interimResponsesDoNotStandInTheWay() {
		String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
		for (String interim : List.of(hints, hints + hints, "HTTP/1.1 102 Processing\r\n\r\n",
				"HTTP/1.1 100 Continue\r\n\r\n" + hints, hints + "HTTP/1.1 199 Unknown\r\n\r\n")) {
			service.answer((head, socket) -> {
				RawBackend.write(socket, interim);
				await().pollDelay(Duration.ofMillis(20)).until(() -> true);
				RawBackend.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
			});
			assertThat(get("/api/users/1")).startsWith("HTTP/1.1 200").endsWith("done").doesNotContain("Link");
			assertThat(send("POST /api/users HTTP/1.1", "Content-Length: 0\r\n")).endsWith("done");
		}
	}

	@Test
	void aChunkedBodyThatIsTooLargeIsNotTheServicesFault() {
		service.answer((head, socket) -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
		long before = failures();
		String chunk = "40000\r\n" + "x".repeat(0x40000) + "\r\n";
		assertThat(
				send("POST /api/users HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(4) + "1\r\nx\r\n"))
			.startsWith("HTTP/1.1 413");
		assertThat(service.heads()).isEmpty();
		assertThat(failures()).isEqualTo(before);
		assertThat(inFlight()).isZero();
	}

	@Test
	void largeHeadersOfAServicePassUpToALimitThatIsTold() {
		answerWithHeaders(60_000);
		assertThat(get("/api/users/1")).startsWith("HTTP/1.1 200").hasSizeGreaterThan(59_000);
		answerWithHeaders(80_000);
		assertThat(send("POST /api/users HTTP/1.1", "Content-Length: 0\r\n")).startsWith("HTTP/1.1 502")
			.contains("The service answered with larger headers than the gateway accepts.");
	}

	private void answerWithHeaders(int size) {
		service.answer((head, socket) -> RawBackend.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
				+ ("X-Large: " + "x".repeat(980) + "\r\n").repeat(size / 1000) + "\r\n"));
	}

	private long failures() {
		return services.service("user-service").view().stream().mapToLong(InstanceView::failures).sum();
	}

	private long heldBytes() {
		return (long) meters.get("platform.admission.bodies").gauge().value();
	}

	private int callsUnderWay() {
		return (int) meters.get("platform.admission.calls").tag("name", "user-service").gauge().value();
	}

	private long inFlight() {
		return services.service("user-service").view().stream().mapToLong(InstanceView::inFlight).sum();
	}

	private String target() {
		assertThat(service.heads()).hasSize(1);
		String line = service.heads().get(0).lines().findFirst().orElseThrow();
		return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
	}

	private String get(String target) {
		return send("GET " + target + " HTTP/1.1", "");
	}

	/** All that comes back; the bytes are the characters. */
	private String send(String line, String rest) {
		return new GatewayClient(port).raw(line, rest);
	}

	private Socket connect(String requests) throws IOException {
		Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
		client.setSoTimeout(10_000);
		RawBackend.write(client, requests);
		return client;
	}

	private static String utf8(String text) {
		return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
	}

	private static String part(Random random, String without, String... words) {
		StringBuilder part = new StringBuilder();
		for (int i = random.nextInt(20); i > 0; i--) {
			char c = (char) (0x21 + random.nextInt(0x7f - 0x21));
			part.append((without.indexOf(c) >= 0 || random.nextInt(4) == 0) ? words[random.nextInt(words.length)] : c);
		}
		return part.toString();
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Routes {

		@Bean
		RouteLocator rewritingRoutes(RouteLocatorBuilder routes) {
			return routes.routes()
				.route((route) -> route.path("/stripped/**").filters((f) -> f.stripPrefix(1)).uri("lb://user-service"))
				.route((route) -> route.path("/added/**")
					.filters((f) -> f.addRequestParameter("more", "1"))
					.uri("lb://user-service"))
				.build();
		}

		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE - 1)
		GlobalFilter cancelling() {
			return (exchange, chain) -> chain.filter(exchange)
				.doOnCancel(() -> CANCELLING.set(Thread.currentThread().getName()));
		}

	}

}
