package com.example.benchmarks.encoding;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import com.example.benchmarks.Rounds;
import com.example.benchmarks.Rounds.Figures;
import com.example.contracts.user.v1.GetUserRequest;
import com.example.contracts.user.v1.UserServiceGrpc;
import com.example.contracts.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import com.example.launcher.process.ChildProcess;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.ProcessIdentity;
import com.sun.management.OperatingSystemMXBean;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;

import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * The same call over gRPC and as JSON over HTTP, side by side: one user is asked for by
 * id. Both clients are blocking ones as services here use them, both servers are in one
 * other process. Prints one table.
 */
public final class JsonAndGrpc {

	private static final int COUNTED_CALLS = 1_000;

	private static final int CALLERS = 8;

	private static final Duration ROUND = Duration.ofSeconds(3);

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private final ProcessHandle server;

	private JsonAndGrpc(ProcessHandle server) {
		this.server = server;
	}

	/**
	 * Measures and prints the table.
	 * @param arguments none
	 * @throws Exception if something cannot be measured
	 */
	public static void main(String... arguments) throws Exception {
		FreePorts ports = new FreePorts(new Random());
		int grpc = ports.next();
		int http = ports.next();
		Path folder = Files.createTempDirectory("json-and-grpc");
		ChildProcess process = ChildProcess.start("The server",
				List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx256m", "-cp",
						System.getProperty("java.class.path"), UserServer.class.getName(), Integer.toString(grpc),
						Integer.toString(http)),
				Map.of(), folder, folder.resolve("server.log"));
		Runtime.getRuntime()
			.addShutdownHook(new Thread(() -> process.stop(ProcessIdentity.Signal.TERM, Duration.ofSeconds(5))));
		process.awaitReady(TIMEOUT, () -> !FreePorts.isFree(grpc) && !FreePorts.isFree(http));
		new JsonAndGrpc(ProcessHandle.of(process.identity().pid()).orElseThrow()).measure(grpc, http);
	}

	private void measure(int grpc, int http) throws Exception {
		double[][] grpcBytes = { { bytes(grpc, JsonAndGrpc::overGrpc) } };
		double[][] jsonBytes = { { bytes(http, JsonAndGrpc::asJson) } };
		try (Client overGrpc = overGrpc(grpc); Client asJson = asJson(http)) {
			double[][][] one = Rounds.measure(3, 7, () -> round(overGrpc, 1), () -> round(asJson, 1));
			double[][][] many = Rounds.measure(1, 7, () -> round(overGrpc, CALLERS), () -> round(asJson, CALLERS));
			System.out.println("| a call | gRPC | JSON over HTTP | ratio |");
			System.out.println("|---|---:|---:|---:|");
			row("bytes, both ways, headers included", Figures.of(grpcBytes, jsonBytes, 0));
			row("µs, one caller, p50", Figures.of(one[0], one[1], 1));
			row("µs, one caller, p99", Figures.of(one[0], one[1], 2));
			row("calls/s, " + CALLERS + " callers", Figures.of(many[0], many[1], 0));
			row("CPU of the caller, µs", Figures.of(many[0], many[1], 3));
			row("CPU of the server, µs", Figures.of(many[0], many[1], 4));
		}
	}

	// Once a connection stands, which both keep.
	private static double bytes(int server, ClientFactory factory) throws IOException {
		try (CountingRelay relay = new CountingRelay(server); Client client = factory.create(relay.port())) {
			client.call();
			long before = relay.bytes();
			for (int i = 0; i < COUNTED_CALLS; i++) {
				client.call();
			}
			return (double) (relay.bytes() - before) / COUNTED_CALLS;
		}
	}

	// Calls a second, µs of the median and of the 99th percentile, CPU of both sides.
	private double[] round(Client client, int callers) throws Exception {
		long own = SYSTEM.getProcessCpuTime();
		long servers = serverCpu();
		long begin = System.nanoTime();
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		long[] nanos;
		try {
			List<Future<long[]>> results = IntStream.range(0, callers)
				.mapToObj((caller) -> threads.submit(() -> calls(client, begin + ROUND.toNanos())))
				.toList();
			LongStream all = LongStream.empty();
			for (Future<long[]> result : results) {
				all = LongStream.concat(all, LongStream.of(result.get()));
			}
			nanos = all.sorted().toArray();
		}
		finally {
			threads.shutdownNow();
		}
		double seconds = (System.nanoTime() - begin) / 1e9;
		return new double[] { nanos.length / seconds, nanos[nanos.length / 2] / 1e3,
				nanos[nanos.length * 99 / 100] / 1e3, (SYSTEM.getProcessCpuTime() - own) / 1e3 / nanos.length,
				(serverCpu() - servers) / 1e3 / nanos.length };
	}

	private static long[] calls(Client client, long end) {
		LongStream.Builder nanos = LongStream.builder();
		for (long start = System.nanoTime(); start < end;) {
			client.call();
			long now = System.nanoTime();
			nanos.add(now - start);
			start = now;
		}
		return nanos.build().toArray();
	}

	private long serverCpu() {
		return server.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
	}

	private static Client overGrpc(int port) {
		ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
		UserServiceBlockingStub users = UserServiceGrpc.newBlockingStub(channel);
		return new Client(() -> users.getUser(GetUserRequest.newBuilder().setUserId(1).build()), channel::shutdownNow);
	}

	private static Client asJson(int port) {
		RestClient users = RestClient.builder()
			.baseUrl("http://127.0.0.1:" + port)
			.requestFactory(new JdkClientHttpRequestFactory())
			.build();
		return new Client(() -> users.get().uri(UserServer.PATH, 1).retrieve().body(UserServer.User.class), () -> {
		});
	}

	private static void row(String measured, Figures figures) {
		System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f | %.2f |%n", measured, figures.own(), figures.peer(),
				figures.ratio());
	}

	private interface ClientFactory {

		Client create(int port);

	}

	private record Client(Runnable once, Runnable end) implements AutoCloseable {

		void call() {
			once.run();
		}

		@Override
		public void close() {
			end.run();
		}

	}

}
