package com.example.platform.consul;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul.Answer;
import com.example.platform.test.AgentProxy;
import com.example.platform.test.AgentProxy.Fault;
import com.example.platform.test.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class ConsulFaultsIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final long ENDLESS = Long.MAX_VALUE;

	private static final Map<String, Fault> FAULTS = new LinkedHashMap<>();

	static {
		FAULTS.put("no answer", Fault.SILENCE);
		FAULTS.put("stalls in the headers", Fault.stall(20));
		FAULTS.put("stalls after the headers", Fault.stallInBody(0));
		FAULTS.put("stalls in the body", Fault.stallInBody(3));
		FAULTS.put("a byte a second", Fault.drip());
		FAULTS.put("cut after the headers", Fault.cutInBody(0));
		FAULTS.put("cut in the body", Fault.cutInBody(3));
		FAULTS.put("100 MB announced", Fault.instead(head("200 OK", "X-Consul-Index: 900000", 100_000_000), 1));
		FAULTS.put("endless body", Fault.instead(head("200 OK", "X-Consul-Index: 900000", ENDLESS), ENDLESS));
		FAULTS.put("endless error",
				Fault.instead(head("500 Internal Server Error", "X-Consul-Index: 900000", ENDLESS), ENDLESS));
		FAULTS.put("no index", Fault.instead(head("200 OK", "Content-Type: text/html", 0), 1));
		FAULTS.put("index 0", Fault.instead(head("200 OK", "X-Consul-Index: 0", 0), 1));
		FAULTS.put("negative index", Fault.instead(head("200 OK", "X-Consul-Index: -5", 0), 1));
		FAULTS.put("index that is no number", Fault.instead(head("200 OK", "X-Consul-Index: x", 0), 1));
		FAULTS.put("index backwards", Fault.instead(head("200 OK", "X-Consul-Index: 1", 0), 1));
		FAULTS.put("index far ahead", Fault.instead(head("200 OK", "X-Consul-Index: 900000", 0), 1));
		// The client itself does not close what is no HTTP.
		FAULTS.put("no HTTP",
				(answer, client, end) -> client.write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.UTF_8)));
		FAULTS.put("connection ends", (answer, client, end) -> {
		});
	}

	private final ConsulAgent agent = TestServers.newConsul();

	private final Consul direct = new Consul(agent.address(), null);

	private final List<AutoCloseable> toClose = new ArrayList<>(List.of(direct, agent));

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : toClose) {
			closeable.close();
		}
	}

	@Test
	void watchesGoOnAfterEveryFaultOfAnAnswerAndGiveItsConnectionFree() {
		direct.kv().put("test", "before").join();
		Map<String, Watched> watched = new LinkedHashMap<>();
		FAULTS.keySet().forEach((name) -> watched.put(name, new Watched(toClose, agent)));
		await().until(() -> without("before", watched).isEmpty());
		watched.forEach((name, watch) -> watch.proxy.spoil(FAULTS.get(name)));
		direct.kv().put("test", "during").join();
		await().untilAsserted(() -> assertThat(watched)
			.allSatisfy((name, watch) -> assertThat(watch.proxy.spoilt()).as(name).isPositive()));
		watched.values().forEach((watch) -> watch.proxy.spoil(null));
		direct.kv().put("test", "after").join();
		await().atMost(SOON).untilAsserted(() -> assertThat(without("after", watched)).isEmpty());
		assertThat(watched).allSatisfy((name, watch) -> assertThat(watch.proxy.connections()).as(name).isEqualTo(1));
	}

	@Test
	void watchesGoOnAfterASnapshotIsRestoredAndSayThatTheAgentWentBack() throws Exception {
		direct.kv().put("test", "snapshot").join();
		URI snapshot = agent.address().resolve("/v1/snapshot");
		HttpClient http = HttpClient.newHttpClient();
		byte[] saved = http.send(HttpRequest.newBuilder(snapshot).build(), BodyHandlers.ofByteArray()).body();
		direct.kv().put("test", "later").join();
		Watched value = new Watched(toClose, agent);
		await().until(() -> "later".equals(value.latest()));
		http.send(HttpRequest.newBuilder(snapshot).PUT(BodyPublishers.ofByteArray(saved)).build(),
				BodyHandlers.discarding());
		await().atMost(SOON).until(() -> "snapshot".equals(value.latest()));
		assertThat(value.heard.get(value.heard.size() - 1).afterOutage()).isTrue();
		direct.kv().put("test", "after").join();
		await().atMost(SOON).until(() -> "after".equals(value.latest()));
		assertThat(value.heard.get(value.heard.size() - 1).afterOutage()).isFalse();
	}

	@Test
	void aCallWhoseAnswerStallsFailsAndSaysWhy() {
		Watched watch = new Watched(toClose, agent);
		await().until(() -> !watch.heard.isEmpty());
		watch.proxy.spoil(Fault.stallInBody(0));
		assertThatThrownBy(() -> watch.consul.get("/v1/agent/self").join()).hasCauseInstanceOf(IOException.class)
			.hasMessageContaining("The answer (HTTP 200) is not complete");
		watch.proxy.spoil(Fault.instead(head("500 Internal Server Error", "X: y", ENDLESS), 1));
		// On a busy machine the agent itself may not answer in time, so that there is
		// nothing to spoil.
		await().untilAsserted(() -> assertThatThrownBy(() -> watch.consul.kv().put("other", "x").join())
			.hasCauseInstanceOf(IOException.class)
			.hasMessageContaining("The answer (HTTP 500) is larger than 16384 KB"));
	}

	@Test
	void aClosedWatchGivesItsConnectionFree() {
		Watched watch = new Watched(toClose, agent);
		await().until(() -> !watch.heard.isEmpty() && watch.proxy.connections() == 1);
		watch.query.close();
		await().atMost(Duration.ofSeconds(2)).until(() -> watch.proxy.connections() == 0);
	}

	private static List<String> without(String value, Map<String, Watched> watched) {
		return watched.entrySet()
			.stream()
			.filter((entry) -> !value.equals(entry.getValue().latest()))
			.map(Map.Entry::getKey)
			.toList();
	}

	private static String head(String status, String header, long length) {
		return "HTTP/1.1 " + status + "\r\n" + header + "\r\nContent-Length: " + length + "\r\n\r\n";
	}

	private static final class Watched {

		private final AgentProxy proxy;

		private final Consul consul;

		private final List<Answer<Optional<KeyValue>>> heard = new CopyOnWriteArrayList<>();

		private final BlockingQuery query;

		private Watched(List<AutoCloseable> toClose, ConsulAgent agent) {
			proxy = new AgentProxy(agent.port());
			consul = new Consul(proxy.address(), null);
			query = consul.kv().watch("test", heard::add);
			toClose.addAll(0, List.of(query, consul, proxy));
		}

		private @Nullable String latest() {
			return heard.isEmpty() ? null : heard.get(heard.size() - 1).body().map(KeyValue::value).orElse(null);
		}

	}

}
