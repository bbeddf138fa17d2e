package com.example.benchmarks.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.benchmarks.Processes;
import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.consul.ConsulBinary;
import com.example.launcher.process.ChildProcess;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.Http;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.ProcessIdentity;
import com.example.launcher.process.Programs;
import com.example.platform.consul.Consul;

/**
 * Two servers, the Consul agent that knows them, and whoever is measured in front of
 * them. A contender has core 0 for itself, and everything else core 1, so that what is
 * measured is what one core can do, whatever its load costs.
 */
final class Edge {

	static final String PATH = "/api/users/greeting";

	private static final String CONTENDERS_CORE = "0";

	private static final String CORE_OF_ALL_ELSE = "1";

	private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

	// As in production: docker-compose.yml gives a container 512 MB, of which the heap
	// has 75 %.
	private static final List<String> JVM = List.of(OperatingSystem.current().java().toString(), "-XX:+UseSerialGC",
			"-Xmx384m", "-XX:+ExitOnOutOfMemoryError", "-jar");

	private static final Path BARE_JAR = Path.of("benchmarks/bare-gateway/target/bench/bare-gateway.jar");

	private static final Path OUR_JAR = Path.of("gateway/target/bench/gateway.jar");

	private static final String[] ALL_ON = { "--logging.structured.format.console=ecs",
			"--platform.gateway.forwarded.trusted-proxies=127.0.0.0/8",
			"--platform.gateway.rate-limit.limits.per-client.requests=1000000",
			"--platform.gateway.rate-limit.limits.together.requests=1000000",
			"--platform.gateway.rate-limit.limits.together.by=everyone" };

	// Neither side ends a connection by itself. Debian's folders for temporary files are
	// for root.
	private static final String NGINX = """
			daemon off;
			worker_processes 1;
			pid nginx.pid;
			error_log stderr;
			events {}
			http {
			  access_log off;
			  client_body_temp_path temp;
			  proxy_temp_path temp;
			  fastcgi_temp_path temp;
			  uwsgi_temp_path temp;
			  scgi_temp_path temp;
			  keepalive_requests 1000000000;
			  keepalive_timeout 1h;
			%s}
			""";

	private static final String STATIC = """
			  server {
			    listen 127.0.0.1:%d;
			    default_type application/json;
			    return 200 '{"greeting": "Hello"}';
			  }
			""";

	private static final String PROXY = """
			  upstream servers {
			%s    keepalive 32;
			    keepalive_requests 1000000000;
			    keepalive_timeout 1h;
			  }
			  server {
			    listen 127.0.0.1:%d;
			    location / {
			      proxy_pass http://servers;
			      proxy_http_version 1.1;
			      proxy_set_header Connection "";
			    }
			  }
			""";

	private final Path folder;

	private final Processes processes = new Processes();

	private final FreePorts ports = new FreePorts(new Random());

	private final List<Integer> servers;

	private final ConsulAgent consul;

	/**
	 * Starts what stands behind the contenders.
	 * @param folder gets the logs
	 * @throws LocalSystemException if something does not start
	 */
	Edge(Path folder) throws Exception {
		this.folder = folder;
		// Those that this process starts inherit it.
		Programs.run(List.of("taskset", "--all-tasks", "--cpu-list", "--pid", CORE_OF_ALL_ELSE,
				Long.toString(ProcessHandle.current().pid())));
		this.servers = Stream.generate(ports::next).limit(2).toList();
		for (int port : servers) {
			start("server-" + port, port, nginx("server-" + port, STATIC.formatted(port)));
		}
		Path binary = new ConsulBinary().locate(System.err::println);
		this.consul = processes
			.start(() -> ConsulAgent.start(binary, ports.next(), ports, folder.resolve("consul.log")),
					ConsulAgent::close)
			.awaitReady();
		register();
	}

	/**
	 * Starts a contender and waits until it answers.
	 * @param contender who
	 * @return its port on 127.0.0.1
	 * @throws LocalSystemException if it does not start; the message names its log
	 */
	int start(Contender contender) {
		int port = ports.next();
		String name = contender.toString();
		return switch (contender) {
			case DIRECT -> servers.get(0);
			case NGINX -> startPinned(name, port, nginx(name, PROXY.formatted(upstream(), port)));
			case BARE -> startPinned(name, port, gateway(BARE_JAR, port));
			case OURS -> startPinned(name, port, ours(name, port));
			case OURS_ALL_ON -> startPinned(name, port, ours(name, port, ALL_ON));
		};
	}

	private void register() throws Exception {
		try (Consul client = new Consul(consul.address(), null)) {
			for (String service : List.of("user-service", "order-service")) {
				for (int port : servers) {
					client.put("/v1/agent/service/register", """
							{"Name": "%1$s", "ID": "%1$s-%2$d", "Address": "127.0.0.1", "Port": %2$d}
							""".formatted(service, port)).get(10, TimeUnit.SECONDS);
				}
			}
		}
	}

	private String upstream() {
		return servers.stream().map("    server 127.0.0.1:%d;%n"::formatted).collect(Collectors.joining());
	}

	private List<String> ours(String name, int port, String... options) {
		List<String> command = gateway(OUR_JAR, port, options);
		command.add("--management.server.port=" + ports.next());
		command.add("--spring.cloud.config.enabled=false");
		command.add("--platform.config-client.snapshots=" + folder.resolve(name));
		return command;
	}

	private List<String> gateway(Path jar, int port, String... options) {
		if (!Files.exists(jar)) {
			throw new LocalSystemException(
					"There is no %s. Start this with './dev bench gateway', which builds it.".formatted(jar));
		}
		List<String> command = new ArrayList<>(JVM);
		command.addAll(List.of(jar.toAbsolutePath().toString(), "--server.address=127.0.0.1", "--server.port=" + port,
				"--spring.cloud.consul.host=127.0.0.1", "--spring.cloud.consul.port=" + consul.port(),
				"--spring.cloud.consul.discovery.hostname=127.0.0.1"));
		command.addAll(List.of(options));
		return command;
	}

	private List<String> nginx(String name, String servers) {
		try {
			Path own = Files.createDirectories(folder.resolve(name));
			Path configuration = Files.writeString(own.resolve("nginx.conf"), NGINX.formatted(servers));
			return List.of("nginx", "-e", "stderr", "-p", own.toString(), "-c", configuration.toString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private int startPinned(String name, int port, List<String> command) {
		List<String> pinned = new ArrayList<>(List.of("taskset", "--cpu-list", CONTENDERS_CORE));
		pinned.addAll(command);
		return start(name, port, pinned);
	}

	private int start(String name, int port, List<String> command) {
		processes
			.start(() -> ChildProcess.start(name, command, Map.of(), folder, folder.resolve(name + ".log")),
					(running) -> running.stop(ProcessIdentity.Signal.TERM, Duration.ofSeconds(5)))
			.awaitReady(START_TIMEOUT, () -> Http.get(port, PATH, Duration.ofSeconds(1)).isPresent());
		return port;
	}

}
