package com.example.launcher.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import com.example.launcher.load.Answer.Failure;
import com.example.launcher.load.Latency.By;
import com.example.launcher.process.FreePorts;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LoadTests {

	private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

	@Test
	void everyRequestThatWasDueDuringAStallIsChargedWithItsShareOfIt() throws IOException {
		AtomicInteger asked = new AtomicInteger();
		AtomicLong stalled = new AtomicLong();
		// From the 50th on, nobody is answered for half a second.
		try (RawServer server = new RawServer((head) -> {
			if (asked.incrementAndGet() >= 50) {
				stalled.compareAndSet(0, System.nanoTime() + 500_000_000);
				for (long rest = 1; rest > 0; rest = stalled.get() - System.nanoTime()) {
					LockSupport.parkNanos(rest);
				}
			}
			return OK;
		})) {
			LoadResult result = run(server.url(), options(100, 1_500, 1_000));
			assertThat(result.sent()).isEqualTo(150);
			assertThat(result.ok()).isEqualTo(150);
			// 50 of 150 were due while it stalled, and waited 500, 490, 480 ... ms. A
			// loop
			// that waits for its answers would have met the stall once.
			Latency all = result.latency(By.ALL, "all").orElseThrow();
			assertThat(all.p90()).isGreaterThan(250);
			assertThat(all.max()).isGreaterThanOrEqualTo(450);
		}
	}

	@Test
	void whatIsDueWhileTooManyAreUnderWayIsCountedAndTold() throws IOException {
		try (RawServer server = new RawServer((head) -> null)) {
			LoadResult result = run(server.url(), options(100, 400, 10), Duration.ofSeconds(1));
			assertThat(result.sent()).isEqualTo(10);
			assertThat(result.notSent()).isEqualTo(30);
			assertThat(result.failed()).isEqualTo(10);
			assertThat(server.connections()).isEqualTo(10);
			assertThat(result.latency(By.OUTCOME, "timeout").orElseThrow().max()).isGreaterThanOrEqualTo(1_000);
			assertThat(result.isAnswered()).isFalse();
			assertThat(result.warnings()).anyMatch((warning) -> warning.contains("30 requests were due but not sent"));
		}
	}

	@Test
	void aGeneratorThatIsTooSlowSaysSo() throws IOException {
		try (RawServer server = new RawServer((head) -> OK); Connections connections = connections(server.url())) {
			LoadResult result = Load.start(connections, options(100, 300, 1_000), () -> {
				LockSupport.parkNanos(30_000_000);
				return Request.get("/");
			}, new Random(1)).watch((second) -> {
			});
			assertThat(result.valid()).isFalse();
			assertThat(result.warnings()).anyMatch((warning) -> warning.startsWith("NOT VALID"));
		}
	}

	@Test
	void answersAreToldApartByStatusAndInstance() throws IOException {
		AtomicInteger asked = new AtomicInteger();
		List<String> answers = List.of("200 OK", "201 Created", "304 Not Modified", "404 Not Found", "429 Too Many",
				"503 Unavailable", "500 Error");
		try (RawServer server = new RawServer((head) -> {
			int number = asked.getAndIncrement();
			return "HTTP/1.1 %s\r\nContent-Length: 0\r\nX-Instance-Id: one-%d\r\n\r\n"
				.formatted(answers.get(number % answers.size()), number % 2);
		})) {
			LoadResult result = run(server.url(), options(140, 500, 1));
			long each = result.sent() / 7;
			assertThat(result.sent() + result.notSent()).isEqualTo(70);
			assertThat(result.ok()).isBetween(3 * each, 3 * each + 3);
			assertThat(result.refused()).isBetween(2 * each, 2 * each + 2);
			assertThat(result.failed()).isEqualTo(result.sent() - result.ok() - result.refused());
			assertThat(result.latencies()).extracting(Latency::name)
				.containsExactly("all", "2xx", "3xx", "4xx", "5xx", "200", "201", "304", "404", "429", "500", "503",
						"one-0", "one-1");
			assertThat(result.latency(By.CLASS, "2xx").orElseThrow().count())
				.isEqualTo(result.latency(By.OUTCOME, "200").orElseThrow().count()
						+ result.latency(By.OUTCOME, "201").orElseThrow().count());
			assertThat(server.connections()).as("connections").isEqualTo(1);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "none", value = { "none | TIMEOUT", "'' | CONNECTION_LOST",
			"'SSH-2.0-OpenSSH\r\n' | NOT_HTTP", "'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf' | TIMEOUT" })
	void whatIsNoAnswerIsToldApart(@Nullable String answer, Failure failure) throws IOException {
		try (RawServer server = new RawServer((head) -> answer);
				Connections connections = new Connections(server.url(), Duration.ofMillis(300))) {
			Answer end = connections.send(Request.get("/")).join();
			assertThat(end.failure()).isEqualTo(failure);
			assertThat(end.status()).isZero();
			assertThat(end.outcome()).isEqualTo(failure.toString());
		}
	}

	@Test
	void aServerThatIsNotThereIsToldApart() {
		URI nobody = URI.create("http://127.0.0.1:" + new FreePorts(new Random()).next());
		LoadResult result = run(nobody, options(50, 200, 1_000));
		assertThat(result.latency(By.OUTCOME, "no connection").orElseThrow().count()).isEqualTo(10);
		assertThat(result.isAnswered()).isFalse();
	}

	@Test
	void anInterimAnswerIsNotTheAnswer() throws IOException {
		try (RawServer server = new RawServer((head) -> "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + OK);
				Connections connections = connections(server.url())) {
			for (int i = 0; i < 3; i++) {
				assertThat(connections.send(Request.get("/")).join().status()).isEqualTo(200);
			}
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void aConnectionThatTheServerEndsIsNotUsedAgain() throws IOException {
		try (RawServer server = new RawServer(
				(head) -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
				Connections connections = connections(server.url())) {
			for (int i = 0; i < 3; i++) {
				assertThat(connections.send(Request.get("/")).join().status()).isEqualTo(200);
			}
			assertThat(server.connections()).isEqualTo(3);
		}
	}

	@Test
	void aBodyIsSentWithItsPadding() throws IOException {
		AtomicReference<String> received = new AtomicReference<>("");
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", (exchange) -> {
			received.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		server.setExecutor(Executors.newCachedThreadPool());
		server.start();
		try (Connections connections = connections(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))) {
			Request post = Request.post("/", "{\"name\":\"Zoë\"}");
			Request padded = new Request("POST", "/", post.headers(), post.body(), 900_000, post.answered());
			assertThat(connections.send(padded).join().status()).isEqualTo(204);
			assertThat(received.get()).hasSize(900_000 + post.body().length()).startsWith(post.body());
			assertThat(received.get().strip()).isEqualTo(post.body());
			assertThat(connections.send(post).join().status()).isEqualTo(204);
			assertThat(received.get()).isEqualTo(post.body());
		}
		finally {
			server.stop(0);
		}
	}

	@Test
	void randomArrivalsKeepTheRate() throws IOException {
		try (RawServer server = new RawServer((head) -> OK)) {
			LoadOptions options = new LoadOptions(400, true, Duration.ofMillis(500), 1_000);
			LoadResult result = run(server.url(), options);
			assertThat(result.sent()).isBetween(150L, 250L).isNotEqualTo(200);
		}
	}

	@Test
	void aLoadThatIsStoppedReportsWhatThereWas() throws IOException {
		try (RawServer server = new RawServer((head) -> OK); Connections connections = connections(server.url())) {
			Load load = Load.start(connections, options(100, 3_600_000, 1_000), () -> Request.get("/"), new Random(1));
			await().until(() -> server.requests().size() >= 5);
			load.stop();
			LoadResult result = load.watch((second) -> {
			});
			assertThat(result.sent()).isEqualTo(server.requests().size()).isEqualTo(result.ok());
			assertThat(result.seconds()).isLessThan(3_600);
		}
	}

	@Test
	void eachSecondIsTold() throws IOException {
		try (RawServer server = new RawServer((head) -> OK); Connections connections = connections(server.url())) {
			List<Second> seconds = new ArrayList<>();
			LoadResult result = Load
				.start(connections, options(50, 2_000, 1_000), () -> Request.get("/"), new Random(1))
				.watch(seconds::add);
			assertThat(seconds).hasSizeGreaterThanOrEqualTo(2).isEqualTo(result.history());
			assertThat(seconds.stream().mapToLong(Second::sent).sum()).isEqualTo(100);
			assertThat(seconds.get(0).p99()).isNotNull();
			assertThat(seconds.get(0).refusedP99()).isNull();
		}
	}

	private static LoadOptions options(double rps, long millis, int underWay) {
		return new LoadOptions(rps, false, Duration.ofMillis(millis), underWay);
	}

	private static LoadResult run(URI url, LoadOptions options) {
		return run(url, options, Duration.ofSeconds(10));
	}

	private static LoadResult run(URI url, LoadOptions options, Duration timeout) {
		try (Connections connections = new Connections(url, timeout)) {
			return Load.start(connections, options, () -> Request.get("/"), new Random(1)).watch((second) -> {
			});
		}
	}

	private static Connections connections(URI url) {
		return new Connections(url, Duration.ofSeconds(10));
	}

}
