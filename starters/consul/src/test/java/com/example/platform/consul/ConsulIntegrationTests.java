package com.example.platform.consul;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul.Answer;
import com.example.platform.consul.HealthEntry.Service;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

class ConsulIntegrationTests {

	private final Consul consul = client(TestServers.consul().port());

	private final List<Answer<List<HealthEntry>>> checked = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		consul.close();
	}

	@Test
	void whatIsWrittenCanBeRead() {
		consul.kv().put("test/written", "hello äöü").join();
		assertThat(consul.kv().get("test/written").join()).map(KeyValue::value).hasValue("hello äöü");
	}

	@Test
	void whatDoesNotExistIsEmpty() {
		assertThat(consul.get("/v1/kv/test/missing?raw").join()).isEmpty();
		assertThat(consul.kv().get("test/missing").join()).isEmpty();
		assertThat(consul.kv().list("test/missing/").join()).isEmpty();
		assertThat(consul.health().passing("missing").join()).isEmpty();
		assertThat(consul.local().checks("missing").join()).isEmpty();
	}

	@Test
	void keysAreListedByTheirPrefixAndWatchedTogetherUntilTheyAreDeleted() {
		List<List<String>> heard = new CopyOnWriteArrayList<>();
		consul.kv().put("test/all/b c", "2").join();
		consul.kv().put("test/all/a", "").join();
		assertThat(consul.kv().list("test/all/").join()).extracting(KeyValue::key, KeyValue::value)
			.containsExactly(tuple("test/all/a", ""), tuple("test/all/b c", "2"));
		try (BlockingQuery watch = consul.kv()
			.watchAll("test/all/", (answer) -> heard.add(answer.body().stream().map(KeyValue::key).toList()))) {
			await().until(() -> heard.size() == 1);
			consul.kv().delete("test/all/a").join();
			await().until(() -> heard.size() == 2);
			assertThat(heard).containsExactly(List.of("test/all/a", "test/all/b c"), List.of("test/all/b c"));
		}
	}

	@Test
	void onlyWhoKnowsTheLastWriteWritesTheNextOne() {
		assertThat(consul.kv().compareAndSet("test/set", "first", 0).join()).isTrue();
		assertThat(consul.kv().compareAndSet("test/set", "late", 0).join()).isFalse();
		KeyValue first = consul.kv().get("test/set").join().orElseThrow();
		assertThat(consul.kv().compareAndSet("test/set", "second", first.modifyIndex()).join()).isTrue();
		assertThat(consul.kv().compareAndSet("test/set", "late", first.modifyIndex()).join()).isFalse();
		assertThat(consul.kv().get("test/set").join()).map(KeyValue::value).hasValue("second");
	}

	@Test
	void oneSessionHoldsAKeyUntilItReleasesItAndTheIndexGrowsAlsoWhenTheKeyIsDeleted() {
		String first = consul.sessions().create("{}").join();
		String second = consul.sessions().create("{}").join();
		assertThat(consul.kv().acquire("test/lock", "one", first).join()).isTrue();
		assertThat(consul.kv().acquire("test/lock", "two", second).join()).isFalse();
		KeyValue held = consul.kv().get("test/lock").join().orElseThrow();
		assertThat(held).extracting(KeyValue::session, KeyValue::value).containsExactly(first, "one");
		assertThat(consul.kv().release("test/lock", second).join()).isFalse();
		assertThat(consul.kv().release("test/lock", first).join()).isTrue();
		assertThat(consul.kv().get("test/lock").join().orElseThrow().session()).isNull();
		consul.kv().delete("test/lock").join();
		assertThat(consul.kv().acquire("test/lock", "two", second).join()).isTrue();
		assertThat(consul.kv().get("test/lock").join().orElseThrow().modifyIndex()).isGreaterThan(held.modifyIndex());
	}

	@Test
	void aSessionThatEndsReleasesWhatItHolds() {
		String session = consul.sessions().create("{\"LockDelay\": \"0s\"}").join();
		consul.kv().acquire("test/ended", "", session).join();
		assertThat(consul.sessions().exists(session).join()).isTrue();
		consul.sessions().destroy(session).join();
		assertThat(consul.sessions().exists(session).join()).isFalse();
		assertThat(consul.kv().get("test/ended").join().orElseThrow().session()).isNull();
		assertThatThrownBy(() -> consul.kv().acquire("test/ended", "", session).join())
			.hasCauseInstanceOf(ConsulException.class);
	}

	@Test
	void anInstanceIsPassingAsItsWorstCheckSays() {
		consul.local().register("""
				{"ID": "checked-1", "Name": "checked", "Port": 80, "Tags": ["blue"], "Meta": {"zone": "a"},
				 "Checks": [{"CheckID": "one", "TTL": "60s", "Status": "passing"},
				  {"CheckID": "two", "TTL": "60s", "Status": "passing"}]}""").join();
		await().until(() -> consul.health().passing("checked").join().size() == 1);
		HealthEntry entry = consul.health().passing("checked").join().get(0);
		assertThat(entry.host()).isEqualTo("127.0.0.1");
		assertThat(entry.service()).extracting(Service::id, Service::port, Service::tags, Service::metadata)
			.containsExactly("checked-1", 80, List.of("blue"), Map.of("zone", "a"));
		assertThat(entry.isPassing()).isTrue();
		consul.local().update("one", Check.Status.CRITICAL, "broken").join();
		consul.local().update("two", Check.Status.WARNING, "").join();
		try (BlockingQuery watch = consul.health().watch("checked", checked::add)) {
			await().until(() -> checked.stream()
				.flatMap((answer) -> answer.body().stream())
				.anyMatch((seen) -> seen.worst().map(Check::output).equals(Optional.of("broken"))));
		}
		assertThat(consul.local().checks("checked-1").join()).extracting(Check::id, Check::status, Check::type)
			.containsExactlyInAnyOrder(tuple("one", Check.Status.CRITICAL, "ttl"),
					tuple("two", Check.Status.WARNING, "ttl"));
		consul.local().deregister("checked-1").join();
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
		List<Answer<Optional<KeyValue>>> heard = new CopyOnWriteArrayList<>();
		consul.kv().put("test/watched", "first").join();
		try (BlockingQuery watch = consul.kv().watch("test/watched", heard::add)) {
			await().until(() -> heard.size() == 1);
			consul.kv().put("test/watched", "second").join();
			await().until(() -> heard.size() == 2);
			assertThat(heard).map((answer) -> answer.body().orElseThrow().value()).containsExactly("first", "second");
		}
	}

	@Test
	void aWatchOnOneInstanceTellsThatItVanishesAndNothingOfTheOthers() {
		List<Answer<List<HealthEntry>>> heard = new CopyOnWriteArrayList<>();
		TestRegistry registry = new TestRegistry(TestServers.consul());
		registry.register("filtered", "filtered-1", 1, Map.of());
		try (BlockingQuery watch = consul.health().watch("filtered", "filtered-1", heard::add)) {
			// The catalog follows the agent with a delay.
			await().until(() -> heard.stream().anyMatch((answer) -> !answer.body().isEmpty()));
			heard.clear();
			long before = watch.index();
			registry.register("filtered", "filtered-2", 2, Map.of());
			await().until(() -> watch.index() > before);
			registry.deregister("filtered-1");
			await().until(() -> !heard.isEmpty());
			assertThat(heard).singleElement().matches((answer) -> answer.body().isEmpty());
		}
	}

	@Test
	void aWatchOutlivesTheAgentAndFollowsOneThatStartsEmpty() {
		List<Optional<KeyValue>> heard = new CopyOnWriteArrayList<>();
		int port = TestServers.freePort();
		ConsulAgent first = TestServers.newConsul(port);
		try (Consul client = client(port);
				BlockingQuery watch = client.kv().watch("test/outlived", (answer) -> heard.add(answer.body()))) {
			client.kv().put("test/outlived", "before").join();
			await().until(
					() -> heard.stream().flatMap(Optional::stream).anyMatch((entry) -> entry.value().equals("before")));
			first.close();
			try (ConsulAgent second = TestServers.newConsul(port)) {
				assertThat(second.port()).isEqualTo(port);
				await().until(() -> heard.get(heard.size() - 1).isEmpty());
				client.kv().put("test/outlived", "after").join();
				await().until(() -> heard.get(heard.size() - 1).map(KeyValue::value).equals(Optional.of("after")));
			}
		}
	}

	private static Consul client(int port) {
		return new Consul(URI.create("http://127.0.0.1:" + port), null);
	}

}
