package com.example.benchmarks.path;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import com.example.benchmarks.Rounds;
import com.example.benchmarks.Rounds.Figures;
import com.example.benchmarks.path.EchoServer.Kind;
import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.consul.ConsulBinary;
import com.example.launcher.process.FreePorts;
import com.example.platform.consul.Consul;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.sun.management.OperatingSystemMXBean;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.netty.NettyChannelBuilder;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.client.GrpcChannelFactory;

/**
 * What the platform's gRPC costs and brings over the whole path, beside grpc-java and
 * Spring Boot as they come. Contenders take turns, and their rounds are compared pair by
 * pair. Prints one table. Needs {@code h2load}.
 */
public final class GrpcPath {

	private static final BytesValue REQUEST = BytesValue.of(ByteString.copyFromUtf8("sixteen bytes ok"));

	private static final String SERVICE = "echo";

	private static final String ROUND_ROBIN_SERVICE = "echo-round-robin";

	private static final String CALLER_CPU = "the same, CPU of the caller in µs a call";

	// Enough to keep every core busy.
	private static final int CALLERS = 64;

	private static final int FAST_CALLERS = 8;

	private static final int BLOCKED = 16 * Runtime.getRuntime().availableProcessors();

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private final Path folder;

	private final FreePorts ports = new FreePorts(new Random());

	private final List<Runnable> stops = new CopyOnWriteArrayList<>();

	private final StringBuilder table = new StringBuilder("""
			| measured | platform | peer | ratio | target | holds |
			|---|---:|---:|---:|---|---|
			""");

	private GrpcPath(Path folder) {
		this.folder = folder;
		Runtime.getRuntime().addShutdownHook(new Thread(() -> stops.forEach(Runnable::run), "stop-servers"));
	}

	/**
	 * Measures and prints the table.
	 * @param arguments none
	 * @throws Exception if something cannot be measured
	 */
	public static void main(String... arguments) throws Exception {
		GrpcPath path = new GrpcPath(Files.createTempDirectory("grpc-path"));
		try {
			path.measureChannels();
			path.measureServers();
			path.measureBlocking();
		}
		finally {
			System.out.println(path.table);
		}
	}

	// Both channels live in this JVM and call the same three servers in another. Neither
	// is
	// observed.
	private void measureChannels() throws Exception {
		List<Integer> servers = start(Kind.LEAN, 3);
		ConsulAgent agent = ConsulAgent.start(new ConsulBinary().locate(System.out::println), ports.next(), ports,
				folder.resolve("consul.log"));
		stops.add(agent::close);
		register(agent.awaitReady(), servers);
		NameResolverRegistry.getDefaultRegistry().register(new FixedAddresses(servers));
		ManagedChannel peer = NettyChannelBuilder.forTarget(FixedAddresses.TARGET)
			.defaultLoadBalancingPolicy("round_robin")
			.usePlaintext()
			.build();
		try (ConfigurableApplicationContext context = SpringApplication.run(Caller.class,
				"--spring.main.web-application-type=none", "--spring.main.banner-mode=off", "--logging.level.root=warn",
				"--spring.grpc.server.enabled=false", "--spring.grpc.client.observation.enabled=false",
				"--spring.cloud.config.enabled=false", "--spring.cloud.consul.port=" + agent.port(),
				"--spring.cloud.consul.discovery.register=false",
				"--platform.load-balancing.services." + ROUND_ROBIN_SERVICE + ".policy=round-robin")) {
			GrpcChannelFactory channels = context.getBean(GrpcChannelFactory.class);
			ManagedChannel platform = channels.createChannel("discovery:///" + SERVICE);
			ManagedChannel roundRobin = channels.createChannel("discovery:///" + ROUND_ROBIN_SERVICE);
			double[][][] rounds = Rounds.measure(3, 15, () -> callsThrough(platform), () -> callsThrough(peer),
					() -> callsThrough(roundRobin));
			row("calls/s: `discovery:///` and the default policy; fixed addresses and gRPC's `round_robin`", "%.0f",
					rounds[0], rounds[1], 0, "≥ 0.97", (figures) -> figures.ratio() >= 0.97);
			row(CALLER_CPU, "%.1f", rounds[0], rounds[1], 1);
			row("calls/s: `discovery:///` and the policy `round-robin`; the same", "%.0f", rounds[2], rounds[1], 0);
			row(CALLER_CPU, "%.1f", rounds[2], rounds[1], 1);
			row("CPU of the caller in µs a call: the default policy; `round-robin`, both over `discovery:///`", "%.1f",
					rounds[0], rounds[2], 1, "≤ 1.03", (figures) -> figures.ratio() <= 1.03);
		}
		peer.shutdownNow();
	}

	private void measureServers() throws Exception {
		H2load load = new H2load(REQUEST, folder);
		int platform = start(Kind.PLATFORM, 1).get(0);
		int boot = start(Kind.BOOT, 1).get(0);
		double[][][] rounds = Rounds.measure(5, 7, () -> new double[] { load.callsPerSecond(platform, 3) },
				() -> new double[] { load.callsPerSecond(boot, 3) });
		row("calls/s of a server: `starters/grpc`; Spring Boot as it comes", "%.0f", rounds[0], rounds[1], 0, "≥ 1.6",
				(figures) -> figures.ratio() >= 1.6);
	}

	private void measureBlocking() throws Exception {
		ManagedChannel platform = channel(start(Kind.PLATFORM, 1).get(0));
		ManagedChannel samePool = channel(start(Kind.BOOT_SAME_POOL, 1).get(0));
		ManagedChannel boot = channel(start(Kind.BOOT, 1).get(0));
		double[][][] rounds = Rounds.measure(1, 3, () -> fastCallsBesideBlocking(platform),
				() -> fastCallsBesideBlocking(samePool), () -> fastCallsBesideBlocking(boot));
		String fast = "ms of a fast call beside " + BLOCKED + " that block for " + EchoServer.BLOCKED_MILLIS + " ms, ";
		row(fast + "p50: `starters/grpc`; Boot with a pool of the cores' size", "%.2f", rounds[0], rounds[1], 0);
		row(fast + "p99", "%.2f", rounds[0], rounds[1], 1, "p99 < " + EchoServer.BLOCKED_MILLIS + " ms",
				(figures) -> figures.own() < EchoServer.BLOCKED_MILLIS);
		row(fast + "p50: `starters/grpc`; Boot as it comes", "%.2f", rounds[0], rounds[2], 0);
		row(fast + "p99", "%.2f", rounds[0], rounds[2], 1);
		List.of(platform, samePool, boot).forEach(ManagedChannel::shutdownNow);
	}

	private static double[] callsThrough(ManagedChannel channel) throws InterruptedException {
		try (ClosedLoop loop = new ClosedLoop(channel, EchoServer.ECHO, REQUEST, CALLERS)) {
			long cpu = SYSTEM.getProcessCpuTime();
			double rate = loop.callsPerSecond(2);
			return new double[] { rate, (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / (2 * rate) };
		}
	}

	private static double[] fastCallsBesideBlocking(ManagedChannel channel) throws InterruptedException {
		ClosedLoop fast = new ClosedLoop(channel, EchoServer.ECHO, REQUEST, FAST_CALLERS);
		try (ClosedLoop blocking = new ClosedLoop(channel, EchoServer.BLOCK, REQUEST, BLOCKED); fast) {
			fast.callsPerSecond(4);
		}
		return fast.millis(0.5, 0.99);
	}

	private List<Integer> start(Kind kind, int number) {
		ServerProcess process = ServerProcess.start(kind, number, ports, folder);
		stops.add(process::stop);
		return process.ports();
	}

	private static void register(ConsulAgent agent, List<Integer> servers) throws Exception {
		try (Consul consul = new Consul(agent.address(), null)) {
			for (String service : List.of(SERVICE, ROUND_ROBIN_SERVICE)) {
				for (int port : servers) {
					consul.put("/v1/agent/service/register", """
							{"Name": "%1$s", "ID": "%1$s-%2$d", "Address": "127.0.0.1", "Port": 1,
							 "Meta": {"grpc_port": "%2$d"}}
							""".formatted(service, port)).get(10, TimeUnit.SECONDS);
				}
			}
		}
	}

	private static ManagedChannel channel(int port) {
		return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
	}

	private void row(String measured, String format, double[][] platform, double[][] peer, int figure) {
		row(measured, format, platform, peer, figure, "", (figures) -> true);
	}

	private void row(String measured, String format, double[][] platform, double[][] peer, int figure, String target,
			Predicate<Figures> holds) {
		Figures figures = Figures.of(platform, peer, figure);
		table.append(String.format(Locale.ROOT, "| %s | " + format + " | " + format + " | %.3g | %s | %s |%n", measured,
				figures.own(), figures.peer(), figures.ratio(), target,
				target.isEmpty() ? "" : (holds.test(figures) ? "yes" : "no")));
	}

	/**
	 * An application that has nothing but a channel.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Caller {

	}

}
