package com.example.gateway.ratelimit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import com.example.platform.test.WithConsul;
import com.sun.net.httpserver.HttpServer;
import org.assertj.core.data.Percentage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.TestConstructor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two gateways, one of them a process that can be killed, and a service behind.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
		"spring.cloud.config.enabled=false", "management.server.port=0", "spring.application.name=limited-gateway",
		"platform.gateway.forwarded.trusted-proxies=127.0.0.0/8", "platform.gateway.rate-limit.limits.all.requests=20",
		"platform.gateway.rate-limit.limits.all.by=everyone", "platform.gateway.rate-limit.limits.all.routes=orders",
		"platform.gateway.rate-limit.limits.client.requests=2", "platform.gateway.rate-limit.limits.client.per=1h",
		"platform.gateway.rate-limit.limits.client.routes=users", "platform.gateway.rate-limit.limits.key.requests=5",
		"platform.gateway.rate-limit.limits.key.per=1h", "platform.gateway.rate-limit.limits.key.by=header:X-API-Key",
		"platform.gateway.rate-limit.limits.key.routes=users" })
@WithConsul
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class RateLimitIntegrationTests {

	// Requests between two looks at the other gateway's view: a tenth of a second.
	private static final int LOOK = 20;

	// More than a bucket holds.
	private static final int BURST = 60;

	private static final TestRegistry REGISTRY = new TestRegistry(TestServers.consul());

	private static HttpServer service;

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final int port;

	private final ServiceDirectory directory;

	private final ConfigurableApplicationContext application;

	RateLimitIntegrationTests(@LocalServerPort int port, ServiceDirectory directory,
			ConfigurableApplicationContext application) {
		this.port = port;
		this.directory = directory;
		this.application = application;
	}

	@BeforeAll
	static void serve() throws IOException {
		service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		service.createContext("/", (exchange) -> {
			exchange.getResponseHeaders()
				.set("Seen", Objects.toString(exchange.getRequestHeaders().getFirst("X-Forwarded-For"), "nothing"));
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		service.start();
		REGISTRY.register("order-service", "order-service-1", service.getAddress().getPort(), Map.of());
		REGISTRY.register("user-service", "user-service-1", service.getAddress().getPort(), Map.of());
	}

	@AfterAll
	static void stop() {
		REGISTRY.deregister("order-service-1");
		REGISTRY.deregister("user-service-1");
		service.stop(0);
	}

	@Test
	void aLimitIsThatOfAllGatewaysThatAreAlive() throws Exception {
		int other = TestServers.freePort();
		int management = TestServers.freePort();
		Process second = start(other, management);
		try {
			int[] both = { port, other };
			double part = Double.NaN;
			// On a machine that is too busy, the other fails its health check at times.
			for (int round = 0; round < 5 && Double.isNaN(part); round++) {
				Awaitility.await()
					.atMost(Duration.ofMinutes(1))
					.until(() -> gateways() == 2 && gatewaysKnownAt(management) == 2);
				Map<Integer, Long> emptied = drain(port, other);
				AtomicInteger alone = new AtomicInteger();
				try (ServiceDirectory.Subscription changes = directory.subscribe("limited-gateway",
						(known) -> alone.addAndGet((known.size() == 2) ? 0 : 1))) {
					double measured = tenTimesTheLimit(emptied, (i) -> {
						// The other one has a view of its own, which may change and
						// change back.
						alone.addAndGet((i % LOOK == 0 && gatewaysKnownAt(management) != 2) ? 1 : 0);
						return both[i % 2];
					});
					part = (alone.get() == 0) ? measured : part;
				}
			}
			assertThat(part).isCloseTo(1, Percentage.withPercentage(5));
		}
		finally {
			second.destroyForcibly();
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> gateways() == 1);
		assertThat(tenTimesTheLimit(drain(port), (i) -> port)).isCloseTo(1, Percentage.withPercentage(5));
	}

	@Test
	void aClientIsWhomATrustedProxyNames() {
		Awaitility.await().until(() -> gateways() == 1);
		for (String client : List.of("192.0.2.1", "10.1.1.1, 192.0.2.2", "192.0.2.3, 127.0.0.7", "2001:db8::1",
				"192.0.2.5:51234", "[2001:db8:7::1]:443", "\", 192.0.2.6")) {
			HttpResponse<Void> first = get(client);
			assertThat(first.statusCode()).as(client).isEqualTo(204);
			assertThat(first.headers().firstValue("RateLimit-Policy")).hasValue("\"client\";q=2;w=3600");
			assertThat(first.headers().firstValue("RateLimit")).hasValue("\"client\";r=1;t=1800");
			assertThat(first.headers().firstValue("Seen")).hasValue("nothing");
			assertThat(get(client).statusCode()).isEqualTo(204);
			HttpResponse<Void> third = get(client);
			assertThat(third.statusCode()).as(client).isEqualTo(429);
			assertThat(third.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1795L, 1800L);
		}
		assertThat(get("203.0.113.9, 192.0.2.1").statusCode()).as("what the client itself claims").isEqualTo(429);
		assertThat(get("2001:db8::2").statusCode()).as("the same network").isEqualTo(429);
		assertThat(get("2001:db8:0:1::2").statusCode()).as("another network").isEqualTo(204);
	}

	@Test
	void nobodyUsesUpWhatIsAnothers() {
		Awaitility.await().until(() -> gateways() == 1);
		for (int i = 1; i <= 5; i++) {
			assertThat(status(user("198.18.0." + i, "address 192.0.2.77"))).isEqualTo(204);
		}
		assertThat(status(user("198.18.0.6", "address 192.0.2.77"))).isEqualTo(429);
		assertThat(get("192.0.2.77").statusCode()).isEqualTo(204);
	}

	@Test
	void nobodyElseIsBelieved() {
		change("platform.gateway.forwarded.trusted-proxies", "10.0.0.0/8");
		try {
			assertThat(List.of("198.51.100.1", "198.51.100.2", "198.51.100.3"))
				.extracting((client) -> get(client).statusCode())
				.containsExactly(204, 204, 429);
		}
		finally {
			change("platform.gateway.forwarded.trusted-proxies", "127.0.0.0/8");
		}
	}

	private static Process start(int port, int management) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx96m",
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				"com.example.gateway.GatewayApplication", "--server.port=" + port,
				"--management.server.port=" + management, "--spring.cloud.config.enabled=false",
				"--spring.application.name=limited-gateway", "--spring.cloud.consul.host=127.0.0.1",
				"--spring.cloud.consul.port=" + TestServers.consul().port(),
				"--platform.gateway.forwarded.trusted-proxies=127.0.0.0/8",
				"--platform.gateway.rate-limit.limits.all.requests=20",
				"--platform.gateway.rate-limit.limits.all.by=everyone",
				"--platform.gateway.rate-limit.limits.all.routes=orders")
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
	}

	// What is let through in a few seconds from 10,000 clients, as a part of what a
	// bucket
	// at each gateway lets through that is asked at the same moments: where the machine
	// stands still for longer than a bucket takes to fill, both lose the same.
	private double tenTimesTheLimit(Map<Integer, Long> emptied, IntFunction<Integer> gateway) throws Exception {
		Map<Integer, Queue<Long>> answered = new ConcurrentHashMap<>();
		AtomicInteger allowed = new AtomicInteger();
		List<CompletableFuture<?>> answers = new ArrayList<>();
		ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
		long begin = System.nanoTime();
		try {
			var sending = clock.scheduleAtFixedRate(() -> {
				int i = answers.size();
				int asked = gateway.apply(i);
				answers
					.add(http.sendAsync(order(asked, i % 10_000), BodyHandlers.discarding()).thenAccept((response) -> {
						allowed.addAndGet((response.statusCode() == 204) ? 1 : 0);
						answered.computeIfAbsent(asked, (first) -> new ConcurrentLinkedQueue<>())
							.add(System.nanoTime());
					}));
			}, 0, 5, TimeUnit.MILLISECONDS);
			Awaitility.await().until(() -> System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(6));
			sending.cancel(false);
		}
		finally {
			clock.shutdown();
			clock.awaitTermination(10, TimeUnit.SECONDS);
		}
		CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
		double limit = emptied.entrySet()
			.stream()
			.mapToInt((bucket) -> fromABucket(20.0 / emptied.size(), bucket.getValue(),
					answered.getOrDefault(bucket.getKey(), new ArrayDeque<>())))
			.sum();
		double part = allowed.get() / limit;
		System.out.printf("%d of %d requests in %.2f s let through: %.3f of the limit%n", allowed.get(), answers.size(),
				(System.nanoTime() - begin) / 1e9, part);
		return part;
	}

	// What a bucket lets through that holds, and gets, so many requests a second.
	private static int fromABucket(double perSecond, long empty, Collection<Long> asked) {
		int taken = 0;
		double held = 0;
		long last = empty;
		for (long now : asked.stream().sorted().toList()) {
			held = Math.min(perSecond, held + perSecond * (now - last) / 1e9);
			last = now;
			if (held >= 1) {
				held--;
				taken++;
			}
		}
		return taken;
	}

	/**
	 * Empties the buckets, all at the same moment: while one is asked slowly, another
	 * fills.
	 * @return when each was empty
	 */
	private Map<Integer, Long> drain(int... gateways) {
		Map<Integer, Long> emptied = new ConcurrentHashMap<>();
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
			emptied.clear();
			CompletableFuture
				.allOf(IntStream.of(gateways)
					.boxed()
					.flatMap((gateway) -> IntStream.range(0, BURST).mapToObj((i) -> drop(gateway, emptied)))
					.toArray(CompletableFuture[]::new))
				.join();
			return emptied.size() == gateways.length;
		});
		return emptied;
	}

	private CompletableFuture<?> drop(int gateway, Map<Integer, Long> emptied) {
		return http.sendAsync(order(gateway, 1), BodyHandlers.discarding()).thenAccept((response) -> {
			if (response.statusCode() == 429) {
				emptied.merge(gateway, System.nanoTime(), Math::max);
			}
		});
	}

	private int status(HttpRequest request) {
		try {
			return http.send(request, BodyHandlers.discarding()).statusCode();
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static HttpRequest order(int gateway, int client) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway + "/api/orders/1"))
			.header("X-Forwarded-For", "10.2.%d.%d".formatted(client / 256, client % 256))
			.build();
	}

	private HttpRequest user(String forwardedFor, String key) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/users/1"))
			.header("X-Forwarded-For", forwardedFor)
			.header("X-API-Key", key)
			.build();
	}

	private HttpResponse<Void> get(String forwardedFor) {
		try {
			return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/users/1"))
				.header("X-Forwarded-For", forwardedFor)
				.build(), BodyHandlers.discarding());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private double gatewaysKnownAt(int management) {
		try {
			return http
				.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/actuator/prometheus"))
					.build(), BodyHandlers.ofString())
				.body()
				.lines()
				.filter((line) -> line.startsWith("platform_gateway_rate_limit_gateways"))
				.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
				.findFirst()
				.orElse(0);
		}
		catch (IOException | InterruptedException ex) {
			return 0;
		}
	}

	private int gateways() {
		return directory.instances("limited-gateway").getNow(List.of()).size();
	}

	private void change(String key, String value) {
		application.getEnvironment().getPropertySources().addFirst(new MapPropertySource("change", Map.of(key, value)));
		application.publishEvent(new EnvironmentChangeEvent(application, Set.of(key)));
	}

}
