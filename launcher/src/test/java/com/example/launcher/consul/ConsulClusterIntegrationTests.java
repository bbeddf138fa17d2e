package com.example.launcher.consul;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import com.example.launcher.process.FreePorts;
import com.example.launcher.process.ProcessIdentity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConsulClusterIntegrationTests {

	private final FreePorts ports = new FreePorts(new Random());

	private final HttpClient http = HttpClient.newHttpClient();

	private final List<Integer> calls = IntStream.range(0, 3).map((server) -> ports.next()).boxed().toList();

	private final List<Integer> gossip = IntStream.range(0, 3).map((server) -> ports.next()).boxed().toList();

	private final List<ConsulAgent> servers = new ArrayList<>();

	private final Path folder;

	private final ConsulCluster cluster;

	private final int[] own = { ports.next(), ports.next(), ports.next() };

	private ConsulAgent client;

	ConsulClusterIntegrationTests(@TempDir Path folder) {
		this.folder = folder;
		this.cluster = new ConsulCluster(new ConsulBinary().locate((sentence) -> {
		}), folder, gossip);
		IntStream.range(0, 3).forEach((number) -> servers.add(start(number)));
		this.client = startClient();
	}

	@BeforeEach
	void awaitReady() {
		servers.forEach(ConsulAgent::awaitReady);
		client.awaitReady();
	}

	@AfterEach
	void close() {
		client.close();
		servers.forEach(ConsulAgent::close);
	}

	@Test
	void withoutItsLeaderItGoesOnAndWithoutAMajorityItStoresNothing() throws Exception {
		assertThat(put("before")).isTrue();
		assertThat(body(client.address(), "/v1/operator/autopilot/configuration"))
			.contains("\"CleanupDeadServers\":false");
		int leader = leader();
		kill(leader);
		await().atMost(Duration.ofSeconds(30)).until(() -> put("without a leader"));
		assertThat(get()).isEqualTo("without a leader");

		int second = leader();
		kill(second);
		assertThat(put("without a majority")).isFalse();

		servers.set(leader, start(leader));
		await().atMost(Duration.ofSeconds(30)).until(() -> put("again"));
		servers.set(second, start(second));
		await().atMost(Duration.ofSeconds(30))
			.ignoreExceptions()
			.until(() -> body(servers.get(second).address(), "/v1/kv/key?raw&stale").equals("again"));
	}

	@Test
	void anAgentThatWasKilledIsAliveForAllAsSoonAsItIsBack() throws Exception {
		client.process().stop(ProcessIdentity.Signal.KILL, Duration.ofSeconds(5));
		await().atMost(Duration.ofSeconds(30)).until(() -> health().contains("critical"));

		this.client = startClient().awaitReady();
		await().atMost(Duration.ofSeconds(15)).until(() -> health().contains("passing"));
	}

	// As the servers see it.
	private String health() throws Exception {
		return body(servers.get(0).address(), "/v1/health/node/local");
	}

	private ConsulAgent startClient() {
		return cluster.startClient("local", own[0], own[1], own[2], folder.resolve("client.log"));
	}

	private ConsulAgent start(int number) {
		return cluster.startServer("server-" + number, ports.next(), calls.get(number), gossip.get(number),
				folder.resolve("server-" + number + ".log"));
	}

	private void kill(int number) {
		servers.get(number).process().stop(ProcessIdentity.Signal.KILL, Duration.ofSeconds(5));
	}

	// Told by the port for calls between servers.
	private int leader() throws Exception {
		String address = body(client.address(), "/v1/status/leader").replace("\"", "").strip();
		return calls.indexOf(Integer.valueOf(address.substring(address.indexOf(':') + 1)));
	}

	private String get() throws Exception {
		return body(client.address(), "/v1/kv/key?raw");
	}

	private String body(URI agent, String path) throws Exception {
		return http.send(HttpRequest.newBuilder(agent.resolve(path)).build(), BodyHandlers.ofString()).body();
	}

	private boolean put(String value) throws InterruptedException {
		try {
			return http
				.send(HttpRequest.newBuilder(client.address().resolve("/v1/kv/key"))
					.timeout(Duration.ofSeconds(10))
					.PUT(HttpRequest.BodyPublishers.ofString(value))
					.build(), BodyHandlers.ofString())
				.statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
