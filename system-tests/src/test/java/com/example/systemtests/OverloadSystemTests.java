package com.example.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Proves that strangers who send much at once take nothing down: no process runs out of
 * memory or ends, and others are answered meanwhile.
 */
class OverloadSystemTests {

	private static final int CONNECTIONS = Integer.getInteger("overload.connections", 300);

	/** Fewer, since this JVM has to hold them too. */
	private static final int MESSAGES = CONNECTIONS / 3;

	private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("overload.seconds", 6));

	private static final String NAME = "x".repeat(900_000);

	private final long userId = Http.createUser();

	/** What each connection sends, again and again. */
	enum Attack {

		DECLARED("Content-Length: %d\r\n\r\n%s".formatted(json(NAME).length(), json(NAME))),

		CHUNKED("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n".formatted(json(NAME).length(), json(NAME))),

		NEVER_SENT("Content-Length: 900000\r\n\r\n{"),

		HALF_SENT("Content-Length: 900000\r\n\r\n" + json(NAME).substring(0, 450_000)),

		NESTED("Content-Length: 20000\r\n\r\n" + "[".repeat(10_000) + "]".repeat(10_000));

		private final String request;

		Attack(String rest) {
			this.request = "POST /api/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + rest;
		}

		private static String json(String name) {
			return "{\"name\":\"" + name + "\",\"email\":\"ada@example.com\"}";
		}

	}

	@ParameterizedTest
	@EnumSource
	void manyBodiesAtOnceTakeNothingDown(Attack attack) {
		Map<String, Long> before = RunningSystem.processes();
		Map<Integer, Integer> answers = new ConcurrentHashMap<>();
		AtomicBoolean over = new AtomicBoolean();
		List<Socket> sockets = new ArrayList<>();
		ExecutorService attackers = Executors.newFixedThreadPool(CONNECTIONS);
		SteadyLoad.Result others;
		try (SteadyLoad reads = SteadyLoad.of(20, Set.of(200), () -> Http.user(userId))) {
			for (int i = 0; i < CONNECTIONS; i++) {
				attackers.execute(() -> attack(attack, answers, over, sockets));
			}
			long started = System.nanoTime();
			await().atMost(TIME.plusSeconds(10)).until(() -> System.nanoTime() - started > TIME.toNanos());
			over.set(true);
			others = reads.finish();
		}
		finally {
			over.set(true);
			attackers.shutdownNow();
			synchronized (sockets) {
				sockets.forEach(OverloadSystemTests::close);
			}
		}
		System.out.printf("%d connections, %s: answers %s; others meanwhile: %s%n", CONNECTIONS, attack,
				new TreeMap<>(answers), others);
		assertThat(RunningSystem.processes()).isEqualTo(before);
		assertThat(outOfMemory()).isEmpty();
		assertThat(answers.keySet()).allMatch((status) -> status == 0 || status >= 400);
		assertThat(others.failures().size()).isLessThanOrEqualTo(others.sent() / 100);
	}

	@Test
	void manyLargeMessagesAtOnceTakeNothingDown() {
		Map<String, Long> before = RunningSystem.processes();
		Map<Status.Code, Integer> answers = new ConcurrentHashMap<>();
		int port = Http.json(Http.get(RunningSystem.system().consul(), "/v1/health/service/user-service"))
			.at("/0/Service/Meta/grpc_port")
			.asInt();
		byte[] message = new byte[4_000_000];
		List<ManagedChannel> connections = Stream
			.generate(() -> ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build())
			.limit(MESSAGES)
			.toList();
		SteadyLoad.Result others;
		try (SteadyLoad reads = SteadyLoad.of(20, Set.of(200), () -> Http.user(userId))) {
			long started = System.nanoTime();
			CompletableFuture
				.allOf(connections.stream()
					.map((connection) -> call(connection, message, answers, started + TIME.toNanos()))
					.toArray(CompletableFuture<?>[]::new))
				.join();
			others = reads.finish();
		}
		finally {
			connections.forEach(ManagedChannel::shutdownNow);
		}
		System.out.printf("%d gRPC connections with messages of 4 MB: answers %s; others meanwhile: %s%n", MESSAGES,
				new TreeMap<>(answers), others);
		assertThat(RunningSystem.processes()).isEqualTo(before);
		assertThat(outOfMemory()).isEmpty();
		assertThat(others.failures().size()).isLessThanOrEqualTo(others.sent() / 100);
	}

	// One call after the other, with a pause in which this JVM lets go of the message.
	private static CompletableFuture<Void> call(ManagedChannel connection, byte[] message,
			Map<Status.Code, Integer> answers, long until) {
		CompletableFuture<Status.Code> end = new CompletableFuture<>();
		ClientCalls.asyncUnaryCall(connection.newCall(GrpcCaller.unary("user.v1.UserService/GetUser"),
				CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS)), message, new StreamObserver<>() {

					@Override
					public void onNext(byte[] answer) {
						// The status says all.
					}

					@Override
					public void onError(Throwable failure) {
						end.complete(Status.fromThrowable(failure).getCode());
					}

					@Override
					public void onCompleted() {
						end.complete(Status.Code.OK);
					}

				});
		return end.thenComposeAsync((code) -> {
			answers.merge(code, 1, Integer::sum);
			return (System.nanoTime() < until) ? call(connection, message, answers, until)
					: CompletableFuture.completedFuture(null);
		}, CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));
	}

	private static void attack(Attack attack, Map<Integer, Integer> answers, AtomicBoolean over, List<Socket> sockets) {
		byte[] request = attack.request.getBytes(StandardCharsets.ISO_8859_1);
		while (!over.get()) {
			int status = 0;
			try (Socket socket = new Socket(RunningSystem.gateway().getHost(), RunningSystem.gateway().getPort())) {
				synchronized (sockets) {
					sockets.add(socket);
				}
				socket.setSoTimeout((int) TIME.plusSeconds(5).toMillis());
				socket.getOutputStream().write(request);
				status = status(socket.getInputStream());
			}
			catch (IOException ex) {
				// Refused while it was sending, which is as good as an answer.
			}
			answers.merge(status, 1, Integer::sum);
		}
	}

	private static int status(InputStream answer) throws IOException {
		String line = new String(answer.readNBytes(12), StandardCharsets.ISO_8859_1);
		return line.startsWith("HTTP/1.") ? Integer.parseInt(line.substring(9, 12)) : 0;
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> outOfMemory() {
		return RunningSystem.processes().keySet().stream().filter((instance) -> {
			try (Stream<String> lines = Files.lines(RunningSystem.system().log(instance))) {
				return lines.anyMatch((line) -> line.contains("OutOfMemoryError"));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}).toList();
	}

}
