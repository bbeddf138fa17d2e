package com.example.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import com.example.platform.test.WithConsul;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is no request by RFC 9112, or none that is served here, over plain sockets: each
 * has its status and an answer of the one shape, and no service sees any of it.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.cloud.config.enabled=false", "management.server.port=0",
				"platform.gateway.http.head-timeout=500ms", "platform.gateway.http.body-timeout=500ms",
				"spring.cloud.gateway.server.webflux.httpclient.response-timeout=5s",
				"platform.gateway.routes.by-host.uri=lb://user-service",
				"platform.gateway.routes.by-host.predicates[0]=Path=/by-host",
				"platform.gateway.routes.by-host.predicates[1]=Host=b:81" })
@WithConsul
class StrictHttpIntegrationTests {

	private static final String GET = "GET /api/users/1 HTTP/1.1\nHost: a\n";

	private static final String POST = "POST /api/users HTTP/1.1\nHost: a\n";

	private static final String CHUNKED = POST + "Transfer-Encoding: chunked\n\n";

	private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

	private static final Pattern CLOSE = Pattern.compile("(?i)connection: close");

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final RawBackend service = new RawBackend();

	private final int port;

	StrictHttpIntegrationTests(@LocalServerPort int port) throws IOException {
		this.port = port;
	}

	@BeforeEach
	void register() {
		registry.register("user-service", "user-service-1", service.port(), Map.of());
		await().until(() -> exchange(GET + "\n").startsWith("HTTP/1.1 200") && !service.heads().isEmpty());
		service.heads().clear();
	}

	@AfterEach
	void deregister() throws IOException {
		registry.deregister("user-service-1");
		service.close();
	}

	static Stream<Malformed> malformed() {
		return Stream.of(line(400, "GET /api/users/1"), line(400, "GET /api/users/1 "), line(400, "/api/users/1"),
				line(400, "GET  /api/users/1 HTTP/1.1"), line(400, "GET\t/api/users/1 HTTP/1.1"),
				line(400, " GET /api/users/1 HTTP/1.1"), line(400, "GET /api/users/1 HTTP/1.1 "),
				line(400, "GET /api/users/1 http/1.1"), line(400, "GET /api/users/1 HTTP/1.10"),
				line(400, "GET /api/users/1 HTTP/x"), line(505, "GET /api/users/1 HTTP/3.0"),
				line(505, "GET /api/users/1 HTTP/2.0"), line(505, "GET /api/users/1 HTTP/0.9"),
				line(505, "PRI * HTTP/2.0"), line(400, "G@T /api/users/1 HTTP/1.1"),
				line(501, "get /api/users/1 HTTP/1.1"), line(501, "PROPFIND /api/users/1 HTTP/1.1"),
				line(405, "TRACE /api/users/1 HTTP/1.1"), line(405, "CONNECT a:80 HTTP/1.1"),
				line(400, "CONNECT /api/users/1 HTTP/1.1"), line(400, "GET api/users/1 HTTP/1.1"),
				line(400, "GET * HTTP/1.1"), line(400, "GET /api/users/1#part HTTP/1.1"),
				line(400, "GET http://user@a/api/users/1 HTTP/1.1"), line(400, "GET http:///api/users/1 HTTP/1.1"),
				line(400, "GET ftp://a/api/users/1 HTTP/1.1"), line(400, "GET /api/users;v=1/1 HTTP/1.1"),
				line(400, "GET /api/users/1; HTTP/1.1"), line(400, "GET /api/users/\0 HTTP/1.1"),
				line(414, "GET /api/users?" + "x".repeat(8200) + " HTTP/1.1"),
				new Malformed(400, "GET /api/users/1 HTTP/1.1\n\n"), header(400, "Host: b"), header(400, "hOST: a"),
				new Malformed(400, "GET /api/users/1 HTTP/1.1\nHost:\n\n"), host("a:x"), host("a:65536"), host("a/b"),
				host("u@a"), host("a, b"), host("[1"), host("a b"),
				new Malformed(400, "GET /api/users/1 HTTP/1.1\n Host: a\n\n"), header(400, "X-Folded: a\n b"),
				header(400, "X-Folded: a\n\tb"), header(400, "X-Space : a"), header(400, "No colon"),
				header(400, "NoColon"), header(400, ": nameless"), header(400, "X-(: a"), header(400, "X: a\0b"),
				header(400, "X: a\u0001b"), header(400, "X: a\u007fb"), header(400, "X: a\rb"),
				header(400, "Connection: close, Host"), header(417, "Expect: wonders"),
				header(431, "X: y\n".repeat(1000).strip()), header(431, "X: " + "y".repeat(8200)),
				header(431, ("X: " + "y".repeat(150) + "\n").repeat(60).strip()), post(400, "Content-Length: +2"),
				post(400, "Content-Length: -1"), post(400, "Content-Length: 2, 2"), post(400, "Content-Length: 0x2"),
				post(400, "Content-Length: "), post(400, "Content-Length: 2\nContent-Length: 2"),
				post(400, "Content-Length: 2\nContent-Length: 3"), post(413, "Content-Length: 99999999999999999999"),
				post(413, "Content-Length: 1048577"), post(400, "Content-Length: 2\nTransfer-Encoding: chunked"),
				post(400, "Transfer-Encoding: chunked, chunked"),
				post(400, "Transfer-Encoding: chunked\nTransfer-Encoding: chunked"),
				post(400, "Transfer-Encoding: chunked, gzip"), post(400, "Transfer-Encoding: identity"),
				post(400, "Transfer-Encoding: xchunked"), post(400, "Transfer-Encoding: chunked,"),
				post(400, "Transfer-Encoding:"), post(501, "Transfer-Encoding: gzip, chunked"),
				new Malformed(400, "POST /api/users HTTP/1.0\nTransfer-Encoding: chunked\n\n0\n\n"), chunks("zz\n"),
				chunks("-1\n"), chunks("+1\n"), chunks("0x1\n"), chunks(" 1\n"), chunks("1 \n"), chunks("\n"),
				chunks("FFFFFFFFF\n"), chunks("1\nab\n"), chunks("1;\0\na\n"), chunks("1\na\n0\nno colon\n\n"),
				chunks("1\na\n0\nX: a\n b\n\n"));
	}

	@ParameterizedTest
	@MethodSource("malformed")
	void whatIsMalformedHasItsStatusAndTheOneShapeAndReachesNobody(Malformed request) throws IOException {
		String answer = exchange(request.text());
		assertProblem(answer, request.status());
		assertThat(service.heads()).noneMatch((head) -> !head.contains("hunked"));
	}

	@ParameterizedTest
	@ValueSource(strings = { GET + "\nX", "GET /api/users/1 HTTP/1.1\nHost: a\rX: b\n\n", GET + "X: y\n\n" })
	void aLineEndsWithBothCharacters(String request) throws IOException {
		assertProblem(send(request), 400);
		assertThat(service.heads()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { GET + "\n", "\n\n" + GET + "\n", "GET /api/users/1 HTTP/1.2\nHost: a\n\n",
			"GET /api/users/1 HTTP/1.0\n\n", "GET http://b/api/users/1 HTTP/1.1\nHost: a\n\n",
			"GET /api/users/1 HTTP/1.1\nHOST:a:80\n\n", "GET /api/users/1 HTTP/1.1\nHost: [::1]:80\n\n",
			"GET /api/users/%3B HTTP/1.1\nHost: a\n\n", "GET /api/users?a;b HTTP/1.1\nHost: a\n\n", GET + "X:\n\n",
			GET + "X: \u00e9\t\"\n\n",
			GET + "Upgrade: h2c\nConnection: Upgrade, HTTP2-Settings\nHTTP2-Settings: AA\n\n",
			POST + "Content-Length: 002\n\n{}", CHUNKED + "2;a=b\n{}\n0\nX: y\n\n",
			POST + "Transfer-Encoding: Chunked\n\n0002\n{}\n0\n\n" })
	void whatIsOnlyUnusualPasses(String request) throws IOException {
		assertThat(exchange(request)).startsWith("HTTP/1.1 200");
		assertThat(service.heads()).isNotEmpty();
	}

	@Test
	void ofAUrlItIsTheHostOfTheUrlThatCounts() throws IOException {
		assertThat(exchange("GET http://b:81/by-host HTTP/1.1\nHost: a\n\n")).startsWith("HTTP/1.1 200");
		assertThat(exchange("GET http://a/by-host HTTP/1.1\nHost: b:81\n\n")).startsWith("HTTP/1.1 404");
	}

	@ParameterizedTest
	@ValueSource(strings = { "G", "GET /api/users/1 HTTP/1.1\nHost: a\nX: ", POST + "Content-Length: 9\n\n{",
			CHUNKED + "5\n{" })
	void whatComesTooSlowlyIsCut(String part) throws IOException {
		service.answer((head, socket) -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
		assertProblem(exchange(part), 408);
	}

	@Test
	void aClientThatSendsByteByByteIsCutToo() throws Exception {
		try (Socket client = connect()) {
			long begin = System.nanoTime();
			await().until(() -> {
				write(client, "G");
				return client.getInputStream().available() > 0;
			});
			assertThat(System.nanoTime() - begin).isGreaterThan(400_000_000L);
			assertProblem(read(client), 408);
		}
	}

	@Test
	void aSlowServiceIsNotTheClientsFault() throws IOException {
		service.answer((head, socket) -> {
			await().pollDelay(Duration.ofMillis(1200)).until(() -> true);
			RawBackend.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
		});
		assertThat(exchange(POST + "Content-Length: 2\n\n{}")).startsWith("HTTP/1.1 200");
	}

	@Test
	void whatWasAskedBeforeIsAnsweredBefore() throws IOException {
		try (Socket client = connect()) {
			write(client, (GET + "\n" + POST + "Content-Length: 2\n\n{}" + CHUNKED + "1\na\n0\n\n" + GET + "X : y\n\n")
				.replace("\n", "\r\n"));
			for (int i = 0; i < 3; i++) {
				assertThat(read(client)).startsWith("HTTP/1.1 200");
			}
			assertProblem(read(client), 400);
		}
		assertThat(service.heads()).noneMatch((head) -> head.contains("X "));
	}

	@Test
	void aRefusalKeepsTheIdOfTheCaller() throws IOException {
		assertThat(exchange(GET + "X-Request-Id: abc-123\nX : y\n\n")).contains("X-Request-Id: abc-123\r\n",
				"\"requestId\":\"abc-123\"");
	}

	@Test
	void aLargeRequestIsReadToItsRefusal() throws IOException {
		assertProblem(exchange("POST /api/users HTTP/1.1\n\n" + "x".repeat(3_000_000)), 400);
	}

	@Test
	void headHasNoBodyWhenItIsRefused() throws IOException {
		assertThat(exchange("HEAD /api/users/1 HTTP/1.1\n\n")).startsWith("HTTP/1.1 400").endsWith("\r\n\r\n");
	}

	@Test
	void allIsOfTheOneShapeWhoeverRefuses() throws IOException {
		assertProblem(exchange("GET /nothing HTTP/1.1\nHost: a\n\n"), 404);
		assertProblem(exchange("GET /api/orders/1 HTTP/1.1\nHost: a\n\n"), 503);
		assertProblem(exchange("OPTIONS * HTTP/1.1\nHost: a\n\n"), 404);
		service.answer((head, socket) -> socket.close());
		assertProblem(exchange(POST + "Content-Length: 0\n\n"), 502);
	}

	private static void assertProblem(String answer, int status) {
		assertThat(answer).startsWith("HTTP/1.1 " + status);
		String[] parts = answer.split("\r\n\r\n", 2);
		assertThat(parts[0].toLowerCase(Locale.ROOT)).contains("content-type: application/problem+json",
				"x-request-id: ");
		JsonNode problem = new JsonMapper().readTree(parts[1]);
		assertThat(problem.propertyNames())
			.containsAll(List.of("type", "title", "status", "detail", "instance", "requestId"));
		assertThat(problem.path("status").asInt()).isEqualTo(status);
		assertThat(parts[0]).containsIgnoringCase("x-request-id: " + problem.path("requestId").asString());
		if (status < 500) {
			assertThat(problem.path("errors").path(0).propertyNames()).containsExactlyInAnyOrder("field", "reason");
		}
	}

	/** Sends lines with their proper ends. */
	private String exchange(String request) throws IOException {
		return send(request.replace("\n", "\r\n"));
	}

	private String send(String request) throws IOException {
		try (Socket client = connect()) {
			write(client, request);
			return read(client);
		}
	}

	private Socket connect() throws IOException {
		Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
		client.setSoTimeout(20_000);
		return client;
	}

	private static void write(Socket client, String latin1) throws IOException {
		client.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
	}

	/** One answer; all that comes until the gateway ends the connection if it says so. */
	private static String read(Socket client) throws IOException {
		InputStream in = client.getInputStream();
		String head = RawBackend.head(in);
		Matcher length = LENGTH.matcher(head);
		byte[] rest = (CLOSE.matcher(head).find() || !length.find()) ? in.readAllBytes()
				: in.readNBytes(Integer.parseInt(length.group(1)));
		return head + new String(rest, StandardCharsets.ISO_8859_1);
	}

	private static Malformed line(int status, String line) {
		return new Malformed(status, line + "\nHost: a\n\n");
	}

	private static Malformed header(int status, String line) {
		return new Malformed(status, GET + line + "\n\n");
	}

	private static Malformed host(String host) {
		return new Malformed(400, "GET /api/users/1 HTTP/1.1\nHost: " + host + "\n\n");
	}

	private static Malformed post(int status, String lines) {
		return new Malformed(status, POST + lines + "\n\n");
	}

	private static Malformed chunks(String chunks) {
		return new Malformed(400, CHUNKED + chunks);
	}

	record Malformed(int status, String text) {

		@Override
		public String toString() {
			return status + " " + ((text.length() > 120) ? text.substring(0, 120) : text).strip();
		}

	}

}
