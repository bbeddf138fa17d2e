package com.example.platform.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = "server.tomcat.connection-timeout=300ms")
class ResponseNegotiationTests {

	private static final AtomicInteger written = new AtomicInteger();

	private final int port;

	ResponseNegotiationTests(@LocalServerPort int port) {
		this.port = port;
	}

	@BeforeEach
	void reset() {
		written.set(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json;charset=ISO-8859-1", "application/json; charset=utf-7", "text/html",
			"application/json;q=0", "application/json;q=0, application/yaml;q=0, */*", "application/*;q=0, */*;q=0.5",
			"*/*;q=0", "image/*", "nonsense", "a/b/c", "application/json;q=2", "/", ",;,",
			"text/html\r\nAccept: image/png" })
	void whatCannotBeProducedIsRefusedBeforeAnyWork(String accept) throws IOException {
		for (String path : new String[] { "/record", "/entity", "/callable", "/future" }) {
			assertProblem(post(path, "Accept: " + accept), 406);
		}
		assertThat(written).hasValue(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "*/*", "application/*", "application/json;charset=UTF-8",
			"application/json;charset=ISO-8859-1, application/json;q=0.5", "application/json;charset=utf-7, */*;q=0.1",
			"text/html, */*;q=0.1", "*/*;q=0, application/json", "text/html;q=0, */*", "application/hal+json",
			"text/html\r\nAccept: application/json", "", "APPLICATION/JSON" })
	void whatCanBeProducedIs(String accept) throws IOException {
		for (String path : new String[] { "/record", "/entity", "/callable", "/future" }) {
			assertThat(post(path, "Accept: " + accept)).startsWith("HTTP/1.1 200").contains("{\"text\":\"é\"}");
		}
		assertThat(written).hasValue(4);
	}

	@Test
	void aTextMayHaveAnyCharset() throws IOException {
		assertThat(get("/text", "Accept: text/plain;charset=ISO-8859-1")).startsWith("HTTP/1.1 200")
			.contains("text/plain;charset=ISO-8859-1");
	}

	@Test
	void anAnswerWithoutABodyAndAStreamNeedNothing() throws IOException {
		assertThat(post("/nothing", "Accept: image/png")).startsWith("HTTP/1.1 200");
		assertThat(post("/empty", "Accept: image/png")).startsWith("HTTP/1.1 204");
		assertThat(get("/stream", "Accept: text/event-stream")).startsWith("HTTP/1.1 200").contains("data:one");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json;charset=ISO-8859-1", "image/png", "nonsense", "*/*;q=0" })
	void anErrorIsAProblemWhateverIsAccepted(String accept) throws IOException {
		assertProblem(get("/absent", "Accept: " + accept), 404);
		assertProblem(get("/record", "Accept: " + accept), 405);
		assertProblem(post("/nothing", "Accept: " + accept, "Content-Type: text/plain"), 415);
		assertProblem(get("/defect", "Accept: " + accept), 500);
	}

	@Test
	void allValuesThatCannotBeTakenAreNamedTogether() throws IOException {
		String answer = get("/values?number=many&text=a&text=b", "X-Flag: perhaps");
		assertProblem(answer, 400);
		assertThat(answer).contains("\"field\":\"number\"", "\"field\":\"text\"", "\"field\":\"X-Flag\"",
				"\"field\":\"needed\"");
		assertThat(get("/values?number=1&needed=", "X-Flag: true")).startsWith("HTTP/1.1 200");
	}

	@Test
	void filesAndWhatTakesAllHeadersAreNoSingleValues() throws IOException {
		String part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc\r\n--b--\r\n";
		assertThat(exchange("POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
				+ "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + part.length() + "\r\n\r\n"
				+ part))
			.startsWith("HTTP/1.1 200");
	}

	@Test
	void partsThatCannotBeReadAreTheCallersFault() throws IOException {
		for (String type : List.of("multipart/form-data", "multipart/form-data; boundary=b", "multipart/mixed")) {
			assertThat(post("/record", "Content-Type: " + type)).startsWith("HTTP/1.1 4");
		}
		assertThat(written).hasValue(0);
	}

	@Test
	void aBodyThatDoesNotArriveIsARequestTimeoutAndEndsTheConnection() throws IOException {
		String head = "POST /record HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n%s\r\n\r\n%s";
		assertProblem(exchange(head.formatted("Content-Length: 20", "{\"text\":")), 408);
		assertProblem(exchange(head.formatted("Transfer-Encoding: chunked", "5\r\n{\"tex\r\n")), 408);
		assertThat(written).hasValue(0);
	}

	private static void assertProblem(String response, int status) {
		assertThat(response).startsWith("HTTP/1.1 " + status)
			.contains("Content-Type: application/problem+json")
			.contains("\"type\":\"about:blank\"", "\"status\":" + status, "\"detail\":\"", "\"instance\":\"/")
			.containsPattern("\"requestId\":\"[0-9a-f-]{36}\"");
	}

	private String get(String path, String... headers) throws IOException {
		return exchange("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + String.join("\r\n", headers)
				+ "\r\n\r\n");
	}

	private String post(String path, String... headers) throws IOException {
		String type = String.join("", headers).contains("Content-Type") ? "" : "Content-Type: application/json\r\n";
		return exchange("POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 12\r\n" + type
				+ String.join("\r\n", headers) + "\r\n\r\n{\"text\":\"a\"}");
	}

	private String exchange(String request) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	record Text(String text) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Application {

		@PostMapping("/record")
		Text record(@RequestBody Text text) {
			return write();
		}

		@PostMapping("/entity")
		ResponseEntity<Text> entity() {
			return ResponseEntity.ok(write());
		}

		@PostMapping("/callable")
		Callable<Text> callable() {
			return Application::write;
		}

		@PostMapping("/future")
		CompletableFuture<ResponseEntity<Text>> future() {
			return CompletableFuture.completedFuture(ResponseEntity.ok(write()));
		}

		@PostMapping(path = "/nothing", consumes = "application/json")
		void nothing() {
		}

		@PostMapping("/empty")
		ResponseEntity<Void> empty() {
			return ResponseEntity.noContent().build();
		}

		@PostMapping("/upload")
		String upload(@RequestParam MultipartFile file, @RequestHeader HttpHeaders headers) {
			return file.getSize() + " bytes";
		}

		@GetMapping("/text")
		String text() {
			return "text";
		}

		@GetMapping("/values")
		String values(@RequestParam int number, @RequestParam(required = false) @Nullable String text,
				@RequestHeader("X-Flag") boolean flag, @RequestParam String needed) {
			return "text";
		}

		@GetMapping("/stream")
		SseEmitter stream() throws IOException {
			SseEmitter emitter = new SseEmitter();
			emitter.send("one");
			emitter.complete();
			return emitter;
		}

		@GetMapping("/defect")
		Object defect() {
			throw new IllegalStateException("a defect");
		}

		private static Text write() {
			written.incrementAndGet();
			return new Text("é");
		}

	}

}
