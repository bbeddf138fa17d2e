package com.example.platform.consul;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul.Answer;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class ConsulIntegrationTests {

	private final Consul consul = client(TestServers.consul().port());

	@AfterEach
	void close() {
		consul.close();
	}

	@Test
	void whatIsWrittenCanBeRead() {
		consul.put("/v1/kv/test/written", "hello").join();
		assertThat(consul.get("/v1/kv/test/written?raw").join().body()).isEqualTo("hello");
	}

	@Test
	void whatDoesNotExistHasNoBody() {
		assertThat(consul.get("/v1/kv/test/missing?raw").join().body()).isNull();
	}

	@Test
	void aRefusalSaysWhatWasRefusedAndWhy() {
		assertThatThrownBy(() -> consul.put("/v1/agent/service/register", "not json").join())
			.hasCauseInstanceOf(ConsulException.class)
			.hasMessageContaining("/v1/agent/service/register")
			.hasMessageContaining("HTTP 400");
	}

	@Test
	void aWatchTellsWhatIsThereAndEveryChange() {
		List<Answer> heard = new CopyOnWriteArrayList<>();
		consul.put("/v1/kv/test/watched", "first").join();
		try (BlockingQuery watch = consul.watch("/v1/kv/test/watched?raw", heard::add)) {
			await().until(() -> heard.size() == 1);
			consul.put("/v1/kv/test/watched", "second").join();
			await().until(() -> heard.size() == 2);
			assertThat(heard).extracting(Answer::body).containsExactly("first", "second");
		}
	}

	@Test
	void aWatchOnOneInstanceTellsThatItVanishesAndNothingOfTheOthers() {
		List<Answer> heard = new CopyOnWriteArrayList<>();
		TestRegistry registry = new TestRegistry(TestServers.consul());
		registry.register("filtered", "filtered-1", 1, Map.of());
		String filter = URLEncoder.encode("Service.ID == \"filtered-1\"", StandardCharsets.UTF_8);
		try (BlockingQuery watch = consul.watch("/v1/health/service/filtered?filter=" + filter, heard::add)) {
			// The catalog follows the agent with a delay.
			await().until(() -> heard.stream().anyMatch((answer) -> !isEmptyList(answer)));
			heard.clear();
			long before = watch.index();
			registry.register("filtered", "filtered-2", 2, Map.of());
			await().until(() -> watch.index() > before);
			registry.deregister("filtered-1");
			await().until(() -> !heard.isEmpty());
			assertThat(heard).singleElement().matches(ConsulIntegrationTests::isEmptyList);
		}
	}

	@Test
	void aWatchOutlivesTheAgentAndFollowsOneThatStartsEmpty() {
		List<Answer> heard = new CopyOnWriteArrayList<>();
		int port = TestServers.freePort();
		ConsulAgent first = TestServers.newConsul(port);
		try (Consul client = client(port); BlockingQuery watch = client.watch("/v1/kv/test/outlived?raw", heard::add)) {
			client.put("/v1/kv/test/outlived", "before").join();
			await().until(() -> heard.stream().anyMatch((answer) -> "before".equals(answer.body())));
			first.close();
			try (ConsulAgent second = TestServers.newConsul(port)) {
				assertThat(second.port()).isEqualTo(port);
				await().until(() -> heard.get(heard.size() - 1).body() == null);
				client.put("/v1/kv/test/outlived", "after").join();
				await().until(() -> "after".equals(heard.get(heard.size() - 1).body()));
			}
		}
	}

	private static boolean isEmptyList(Answer answer) {
		return answer.body() != null && answer.body().strip().equals("[]");
	}

	private static Consul client(int port) {
		return new Consul(URI.create("http://127.0.0.1:" + port), null);
	}

}
