package com.example.configserver.release;

import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.configprotocol.Release;
import com.example.platform.configprotocol.api.Overview.Event;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.KeyValue;
import com.example.platform.test.TestServers;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ReleaseBoardIntegrationTests {

	private static final int CHANGES = 50;

	private final ConsulAgent agent = TestServers.newConsul();

	private final Consul consul = new Consul(agent.address(), null);

	private final ReleaseBoard one = new ReleaseBoard(consul);

	private final ReleaseBoard two = new ReleaseBoard(consul);

	private final List<@Nullable BlockingQuery> watches = List.of(watch(one), watch(two));

	@AfterEach
	void close() {
		watches.forEach((watch) -> Objects.requireNonNull(watch).close());
		consul.close();
		agent.close();
	}

	@Test
	void ofTwoThatChangeTheReleaseAllTheTimeNothingIsLost() {
		release(one, "first");
		CompletableFuture
			.allOf(Stream.of(one, two)
				.map((board) -> CompletableFuture.runAsync(() -> changeOften(board),
						(task) -> new Thread(task).start()))
				.toArray(CompletableFuture[]::new))
			.join();
		for (ReleaseBoard board : List.of(one, two)) {
			await().until(() -> Objects.requireNonNull(board.state()).released().size() == 2 * CHANGES + 1);
		}
		assertThat(one.state()).isEqualTo(two.state());
	}

	// The first answer of a watch may be older than what is written meanwhile.
	@Test
	void whatWasWrittenIsKnownAtOnceAlsoWhileAWatchBegins() {
		for (int i = 0; i < 20 * CHANGES; i++) {
			ReleaseBoard board = new ReleaseBoard(consul);
			try (BlockingQuery watch = watch(board)) {
				assertThat(watch).isNotNull();
				release(board, "revision-" + i);
				assertThat(board.state()).extracting(ReleaseState::revision).isEqualTo("revision-" + i);
			}
		}
	}

	@Test
	void whatIsNoReleaseIsReplacedByTheLastOne() {
		release(one, "first");
		consul.kv().put(Release.KEY, "{}").join();
		awaitInConsul("first");
		consul.kv().put(Release.KEY, "[garbage").join();
		awaitInConsul("first");
		release(two, "second");
		awaitInConsul("second");
	}

	@Test
	void aSnapshotBringsNothingBackThatWasDecidedAfterItByWhomever() {
		release(one, "first");
		RestClient http = RestClient.create(agent.address().toString());
		byte[] snapshot = Objects.requireNonNull(http.get().uri("/v1/snapshot").retrieve().body(byte[].class));
		release(one, "second");
		release(two, "third");
		await().until(() -> Objects.requireNonNull(one.state()).revision().equals("third"));
		http.put().uri("/v1/snapshot").body(snapshot).retrieve().toBodilessEntity();
		awaitInConsul("third");
		release(one, "fourth");
		awaitInConsul("fourth");
		await().until(() -> Objects.requireNonNull(two.state()).revision().equals("fourth"));
	}

	private void awaitInConsul(String revision) {
		await().untilAsserted(() -> {
			one.flush(() -> {
			});
			assertThat(consul.kv().get(Release.KEY).join()).map(KeyValue::value)
				.get(InstanceOfAssertFactories.STRING)
				.contains("\"revision\":\"" + revision + "\"");
			assertThat(one.state()).extracting(ReleaseState::revision).isEqualTo(revision);
		});
	}

	private static @Nullable BlockingQuery watch(ReleaseBoard board) {
		return board.watch(() -> {
		});
	}

	private void changeOften(ReleaseBoard board) {
		for (int i = 0; i < CHANGES; i++) {
			release(board, ((board == one) ? "one-" : "two-") + i);
		}
	}

	private static void release(ReleaseBoard board, String revision) {
		Event event = EventKind.RELEASED.event(Clock.systemUTC(), revision, "ada", "");
		board.update((present) -> (present != null) ? present.release(revision, null, event)
				: ReleaseState.first(revision, revision, event));
	}

}
