package com.example.systemtests;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.example.platform.loadbalancing.InstanceView;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Proves that no instance is taken out, nor charged with anything, for what its callers
 * do wrong: over HTTP through the gateway, and over gRPC by a caller that balances like
 * the services do. 500 requests, drawn from a fixed seed; with {@code -Dfaults.full=true}
 * 10,000.
 */
class CallerFaultsSystemTests {

	private static final int REQUESTS = Boolean.getBoolean("faults.full") ? 10_000 : 500;

	private static final int CALLERS = 8;

	private static final String WATCH = "order.v1.WatchingService/WatchOrders";

	private static final String PLACE = "order.v1.PlacingService/PlaceOrders";

	private static final List<String> BALANCING = List.of("gateway", "order-service-1", "order-service-2");

	private final GrpcCaller grpc = new GrpcCaller();

	private final long userId = Http.createUser();

	private final String order = Http.orderJson(userId);

	@AfterEach
	void close() {
		grpc.close();
	}

	@Test
	void noInstanceIsChargedWithWhatItsCallersDoWrong() throws Exception {
		// So that there is something to watch.
		assertThat(Http.send(Http.order(userId)).statusCode()).isIn(Http.PLACED);
		Map<String, Long> before = charged();
		Map<String, Callable<Object>> kinds = new TreeMap<>();
		addHttp(kinds);
		addRawHttp(kinds);
		addGrpc(kinds);
		List<String> names = List.copyOf(kinds.keySet());
		List<String> drawn = new ArrayList<>();
		for (int i = 0; i < REQUESTS; i++) {
			drawn.add(names.get(i % names.size()));
		}
		Collections.shuffle(drawn, new Random(42));
		Map<String, Integer> answers = new ConcurrentSkipListMap<>();
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		try {
			for (var each : callers.invokeAll(drawn.stream().<Callable<Void>>map((name) -> () -> {
				answers.merge(name + ": " + Objects.requireNonNull(kinds.get(name)).call(), 1, Integer::sum);
				return null;
			}).toList())) {
				each.get();
			}
		}
		finally {
			callers.shutdownNow();
		}
		Map<String, Long> charged = charged();
		int counters = charged.size();
		charged.replaceAll((counter, value) -> value - before.getOrDefault(counter, 0L));
		charged.values().removeIf((value) -> value == 0);
		System.out.printf("%d bad requests of %d kinds: %s%n%d counters of ejections and failures, of which rose: %s%n",
				REQUESTS, kinds.size(), answers, counters, charged);
		assertThat(charged).isEmpty();
		assertThat(grpc.instances()).hasSize(4);
		assertThat(Http.send(Http.order(userId)).statusCode()).isIn(Http.PLACED);
	}

	private void addHttp(Map<String, Callable<Object>> kinds) {
		for (String accept : List.of("application/json;charset=ISO-8859-1", "image/png", "nonsense",
				"application/json;q=7")) {
			kinds.put("GET Accept: " + accept, () -> get("/api/users/" + userId, "Accept", accept));
			kinds.put("POST Accept: " + accept, () -> post("/api/orders", order, "Accept", accept));
		}
		for (String type : List.of("text/plain", "application/json;charset=none", "nonsense", "multipart/form-data")) {
			kinds.put("Content-Type: " + type, () -> post("/api/orders", order, "Content-Type", type));
		}
		for (String millis : List.of("0", "1", "5", "30")) {
			kinds.put("X-Request-Timeout: " + millis,
					() -> post("/api/orders", order, "Content-Type", "application/json", "X-Request-Timeout", millis));
		}
		for (String path : List.of("/api/users/none", "/api/users/999999999", "/api/users/%00",
				"/api/users/" + "9".repeat(40), "/api/orders?size=-1", "/api/orders?size=many", "/api/orders/nothing",
				"/api/users/1/nothing")) {
			kinds.put("GET " + path, () -> get(path));
		}
		for (String body : List.of("", "{", "[]", "null", "\u0000", order.replace("EUR", "XXQ"),
				order.replace("\"quantity\":2", "\"quantity\":-2"), "[".repeat(5_000),
				order + "x".repeat(2 * 1024 * 1024))) {
			String start = body.substring(0, Math.min(10, body.length())).replace("\u0000", "NUL");
			kinds.put("POST of " + body.length() + " characters: " + start,
					() -> post("/api/orders", body, "Content-Type", "application/json"));
		}
		kinds.put("Content-Encoding",
				() -> post("/api/orders", order, "Content-Type", "application/json", "Content-Encoding", "gzip"));
		kinds.put("Range", () -> get("/api/users/" + userId, "Range", "bytes=9-1"));
		for (String method : List.of("PATCH", "DELETE", "OPTIONS")) {
			kinds.put(method, () -> Http
				.send(Http.request(RunningSystem.gateway(), "/api/orders").method(method, BodyPublishers.noBody()))
				.statusCode());
		}
	}

	private void addRawHttp(Map<String, Callable<Object>> kinds) {
		String users = "/api/users/" + userId;
		for (String method : List.of("CONNECT", "TRACE", "BREW", "get", "PROPFIND")) {
			kinds.put("method " + method, () -> RawHttp.exchange(method + " " + users + " HTTP/1.1\nHost: a\n\n"));
		}
		for (String version : List.of("HTTP/3.9", "HTTP/1.0", "HTTQ/1.1", "")) {
			kinds.put("version " + version, () -> RawHttp.exchange("GET " + users + " " + version + "\nHost: a\n\n"));
		}
		for (String header : List.of("Expect: wonders", "Upgrade: websocket\nConnection: upgrade", "Host: b",
				"Upgrade: h2c\nConnection: upgrade, http2-settings\nHTTP2-Settings: x", "Large: " + "x".repeat(30_000),
				"Cookie: " + "x".repeat(7_000), "Content-Length: -1", "Content-Length: 1\nTransfer-Encoding: chunked",
				"no colon")) {
			kinds.put("header " + header.lines().findFirst().orElseThrow().replaceAll("x{100,}", "xxx"),
					() -> RawHttp.exchange("GET " + users + " HTTP/1.1\nHost: a\n" + header + "\n\n"));
		}
		kinds.put("long path",
				() -> RawHttp.exchange("GET /api/users/" + "x".repeat(20_000) + " HTTP/1.1\nHost: a\n\n"));
		String post = "POST /api/orders HTTP/1.1\nHost: a\nContent-Type: application/json\nIdempotency-Key: "
				+ UUID.randomUUID() + "\n";
		kinds.put("chunk that is none", () -> RawHttp.exchange(post + "Transfer-Encoding: chunked\n\nzz\n{}"));
		for (String kept : List.of("", "Transfer-Encoding: chunked\n\n5\n{\"use",
				"Content-Length: 200\n\n{\"userId\":")) {
			String begun = post + (kept.isEmpty() ? "Content-Length: 100000\n\n{" : kept);
			kinds.put("unfinished, in a hurry: " + kept.lines().findFirst().orElse("large"),
					() -> RawHttp.exchange(begun.replace("Host: a", "Host: a\nX-Request-Timeout: 200")));
			kinds.put("unfinished, hung up: " + kept.lines().findFirst().orElse("large"),
					() -> RawHttp.hangUp(begun, false));
			kinds.put("unfinished, reset: " + kept.lines().findFirst().orElse("large"),
					() -> RawHttp.hangUp(begun, true));
		}
		for (boolean reset : new boolean[] { false, true }) {
			kinds.put("hung up, reset " + reset,
					() -> RawHttp.hangUp(post + "Content-Length: " + order.length() + "\n\n" + order, reset));
		}
	}

	private void addGrpc(Map<String, Callable<Object>> kinds) {
		byte[] nobody = { 0x08, 0x7f };
		byte[] someone = { 0x08, (byte) userId };
		byte[] fromTheFirst = "\u0012\u00030-0".getBytes(StandardCharsets.UTF_8);
		for (String method : List.of("user.v1.UserService/GetUser", "user.v1.UserService/CheckEligibility", WATCH,
				PLACE, "user.v1.UserService/NoSuchMethod")) {
			kinds.put("gRPC " + method + ", no protobuf",
					() -> grpc.call(method, CallOptions.DEFAULT, new byte[] { 0x0a, 0x7f, 1 }));
			kinds.put("gRPC " + method + ", too long",
					() -> grpc.call(method, CallOptions.DEFAULT, new byte[5_000_000]));
			kinds.put("gRPC " + method + ", broken compression",
					() -> grpc.call(method, CallOptions.DEFAULT.withCompression("gzip"), nobody));
			kinds.put("gRPC " + method + ", unknown compression",
					() -> grpc.call(method, CallOptions.DEFAULT.withCompression("none-such"), nobody));
			kinds.put("gRPC " + method + ", large answer", () -> grpc.call(method,
					CallOptions.DEFAULT.withMaxInboundMessageSize(1), method.equals(WATCH) ? fromTheFirst : someone));
			kinds.put("gRPC " + method + ", cancelled", () -> grpc.cancelled(method, nobody));
			kinds.put("gRPC " + method + ", in a hurry", () -> grpc.inAHurry(method, nobody));
			Metadata large = new Metadata();
			large.put(Metadata.Key.of("large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(20_000));
			kinds.put("gRPC " + method + ", large metadata",
					() -> grpc.call(method, CallOptions.DEFAULT, large, nobody));
		}
		kinds.put("gRPC unknown user",
				() -> grpc.call("user.v1.UserService/GetUser", CallOptions.DEFAULT, new byte[] { 0x08, 0x7f, 0x7f }));
		kinds.put("gRPC wrong fields",
				() -> grpc.call(WATCH, CallOptions.DEFAULT, "\u0012\u0001x".getBytes(StandardCharsets.UTF_8)));
		byte[][] orders = new byte[1_001][];
		Arrays.fill(orders, nobody);
		kinds.put("gRPC stream of which the first is refused", () -> grpc.call(PLACE, CallOptions.DEFAULT, orders));
		kinds.put("gRPC stream that is never finished", () -> grpc.unfinished(PLACE, grpcOrder()));
	}

	/** The same order each time, in the encoding of {@code order/v1/placing.proto}. */
	private byte[] grpcOrder() {
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		message.write(0x08);
		for (long rest = userId; rest > 0; rest >>>= 7) {
			message.write((int) ((rest < 0x80) ? rest : (rest & 0x7f) | 0x80));
		}
		message.writeBytes("\u0012\u000e\n\u0001A\u0010\u0001\u001a\u0007\b\u0001\u0012\u0003EUR\u001a\u0001k"
			.getBytes(StandardCharsets.UTF_8));
		return message.toByteArray();
	}

	private Object get(String path, String... headers) {
		return Http.send(Http.request(RunningSystem.gateway(), path).GET().headers(with(headers))).statusCode();
	}

	private Object post(String path, String body, String... headers) {
		return Http.send(
				Http.request(RunningSystem.gateway(), path).POST(BodyPublishers.ofString(body)).headers(with(headers)))
			.statusCode();
	}

	private static String[] with(String... headers) {
		List<String> all = new ArrayList<>(List.of(headers));
		all.addAll(List.of("Idempotency-Key", UUID.randomUUID().toString()));
		if (!all.contains("Content-Type")) {
			all.addAll(List.of("Content-Type", "application/json"));
		}
		return all.toArray(String[]::new);
	}

	/** Ejections and failures of every instance, as every caller counts them. */
	private Map<String, Long> charged() {
		Map<String, Long> charged = new TreeMap<>();
		for (String caller : BALANCING) {
			for (JsonNode target : Http.json(Http.get(RunningSystem.actuator(caller), "/actuator/loadbalancing"))) {
				for (JsonNode instance : target.path("instances")) {
					String name = caller + " to " + instance.path("id").asString();
					charged.put(name + ", ejections", instance.path("ejections").asLong());
					charged.put(name + ", failures", instance.path("failures").asLong());
				}
			}
		}
		for (InstanceView instance : grpc.instances()) {
			charged.put("this to " + instance.id() + ", ejections", (long) instance.ejections());
			charged.put("this to " + instance.id() + ", failures", instance.failures());
		}
		return charged;
	}

}
