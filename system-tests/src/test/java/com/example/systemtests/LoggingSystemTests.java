package com.example.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.example.launcher.Instance;
import com.example.launcher.load.Connections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Proves that the log stops nothing: a second gateway like the one of the system, which
 * logs a lot, to a standard output that nobody reads, and to a file for which there is no
 * more room than 4 MiB.
 */
@EnabledOnOs(OS.LINUX)
class LoggingSystemTests {

	private static final int PER_SECOND = 50;

	private final Path folder;

	private final long userId = Http.createUser();

	private final int port = freePort();

	private final URI management = URI.create("http://127.0.0.1:" + freePort());

	LoggingSystemTests(@TempDir Path folder) {
		this.folder = folder;
	}

	@Test
	void aGatewayWhoseLogNobodyTakesAnswersEveryRequest() throws Exception {
		Process gateway = start();
		try {
			await().atMost(Duration.ofMinutes(2))
				.ignoreExceptions()
				.until(() -> gateway.isAlive()
						&& Http.get(management, "/actuator/health/readiness").statusCode() == 200);
			URI address = URI.create("http://127.0.0.1:" + port);
			SteadyLoad.Result result;
			try (Connections connections = new Connections(address, Http.TIMEOUT);
					SteadyLoad reads = SteadyLoad.to(connections, PER_SECOND, Set.of(200), () -> Http.user(userId))) {
				await().atMost(Duration.ofMinutes(1))
					.until(() -> reads.answered() >= 10 * PER_SECOND && dropped("CONSOLE") > 1_000
							&& dropped("FILE") > 1_000);
				result = reads.finish();
			}
			System.out.printf(
					"Gateway with a blocked standard output and a full disk: %s; dropped %.0f and %.0f lines%n", result,
					dropped("CONSOLE"), dropped("FILE"));
			assertThat(result.failures()).isEmpty();
			gateway.destroy();
			assertThat(gateway.waitFor(30, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			gateway.destroyForcibly();
		}
	}

	private double dropped(String output) {
		return RunningSystem.counter(management,
				"platform_logging_dropped_total\\{[^}]*output=\"" + output + "\"[^}]*}");
	}

	private Process start() throws IOException {
		Instance running = RunningSystem.system()
			.instances()
			.stream()
			.filter((instance) -> instance.name().equals("gateway"))
			.findFirst()
			.orElseThrow();
		Path process = Path.of("/proc", Long.toString(Objects.requireNonNull(running.process()).pid()));
		List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f 4096 && exec \"$0\" \"$@\""));
		command.addAll(words(process.resolve("cmdline")));
		ProcessBuilder builder = new ProcessBuilder(command).directory(process.resolve("cwd").toRealPath().toFile())
			.redirectErrorStream(true);
		Map<String, String> environment = builder.environment();
		environment.clear();
		words(process.resolve("environ")).stream()
			.map((word) -> word.split("=", 2))
			.forEach((word) -> environment.put(word[0], word[1]));
		environment.put("SERVER_PORT", Integer.toString(port));
		environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(management.getPort()));
		environment.put("SPRING_CLOUD_CONSUL_DISCOVERY_REGISTER", "false");
		// It would tell in the name of all gateways which keys they obey.
		environment.put("PLATFORM_CONFIGCLIENT_ENABLED", "false");
		environment.put("SPRING_CLOUD_CONSUL_DISCOVERY_INSTANCEID", "gateway-unread");
		environment.put("LOGGING_LEVEL_ORG_SPRINGFRAMEWORK", "trace");
		environment.put("LOGGING_FILE_NAME", folder.resolve("gateway.log").toString());
		return builder.start();
	}

	private static List<String> words(Path file) throws IOException {
		return List.of(Files.readString(file, StandardCharsets.UTF_8).split("\0"));
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
