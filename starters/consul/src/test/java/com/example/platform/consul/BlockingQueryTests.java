package com.example.platform.consul;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import com.example.platform.consul.Consul.Answer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class BlockingQueryTests {

	private final ScheduledExecutorService watchThread = Executors.newSingleThreadScheduledExecutor();

	private final List<String> asked = new CopyOnWriteArrayList<>();

	private final List<@Nullable String> heard = new CopyOnWriteArrayList<>();

	@AfterEach
	void stop() {
		watchThread.shutdownNow();
	}

	@Test
	void theNextQueryWaitsBehindTheIndexOfTheLastAnswer() {
		try (BlockingQuery query = query(List.of(answer(7, "a"), answer(9, "b")))) {
			await().until(() -> asked.size() == 3);
			assertThat(asked).containsExactly("/v1/x", "/v1/x?index=7&wait=4s", "/v1/x?index=9&wait=4s");
			assertThat(heard).containsExactly("a", "b");
		}
	}

	@Test
	void anIndexThatGoesBackwardsStartsAgain() {
		try (BlockingQuery query = query(List.of(answer(7, "a"), answer(3, "b"), answer(4, "c")))) {
			await().until(() -> asked.size() == 4);
			assertThat(asked).containsExactly("/v1/x", "/v1/x?index=7&wait=4s", "/v1/x", "/v1/x?index=4&wait=4s");
			assertThat(heard).containsExactly("a", "b", "c");
		}
	}

	@Test
	void whatAnswersWithoutAPositiveIndexIsNotConsulAndNotHeard() {
		try (BlockingQuery query = query(List.of(answer(7, "a"), answer(0, "b"), answer(-1, "c"), answer(8, "d")))) {
			await().until(() -> asked.size() == 5);
			assertThat(asked).containsExactly("/v1/x", "/v1/x?index=7&wait=4s", "/v1/x", "/v1/x",
					"/v1/x?index=8&wait=4s");
			assertThat(heard).containsExactly("a", "d");
		}
	}

	@Test
	void aLongAnswerIsAskedForLessOften() {
		String body = "x".repeat(100_000);
		try (BlockingQuery query = query(List.of(answer(7, body)))) {
			await().until(() -> asked.size() == 2);
			assertThat(asked).containsExactly("/v1/x", "/v1/x?index=7&wait=55s");
		}
	}

	@Test
	void anAnswerWithTheSameContentIsNoNews() {
		try (BlockingQuery query = query(List.of(answer(7, "a"), answer(8, "a"), answer(9, "b")))) {
			await().until(() -> asked.size() == 4);
			assertThat(heard).containsExactly("a", "b");
		}
	}

	@Test
	void indexAndAgeAreThoseOfTheLastAnswerWhetherNewsOrNot() {
		try (BlockingQuery query = query(List.of(answer(7, "a"), answer(8, "a")))) {
			await().until(() -> asked.size() == 3);
			assertThat(query.index()).isEqualTo(8);
			assertThat(query.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
		}
	}

	@Test
	void afterAFailureTheWatchAsksAgainFromTheStart() {
		try (BlockingQuery query = query(
				List.of(answer(7, "a"), CompletableFuture.failedFuture(new IOException("away")), answer(2, "b")))) {
			await().until(() -> heard.size() == 2);
			assertThat(asked.subList(0, 3)).containsExactly("/v1/x", "/v1/x?index=7&wait=4s", "/v1/x");
		}
	}

	@Test
	void theFirstAnswerAfterAnOutageSaysSo() {
		List<Boolean> afterOutage = new CopyOnWriteArrayList<>();
		Queue<CompletableFuture<Answer<Optional<String>>>> answers = new ArrayDeque<>(List.of(answer(1, "a"),
				CompletableFuture.failedFuture(new IOException("away")), answer(2, "b"), answer(3, "c")));
		try (BlockingQuery query = new BlockingQuery((path, timeout) -> next(answers), "/v1/x",
				(answer) -> afterOutage.add(answer.afterOutage()), watchThread, new BackOff(new Random(1)))) {
			query.start();
			await().until(() -> afterOutage.size() == 3);
			assertThat(afterOutage).containsExactly(false, true, false);
		}
	}

	@Test
	void anAgentThatGoesBackSaysSoUntilTheListenerHasTakenIt() {
		List<Boolean> afterOutage = new CopyOnWriteArrayList<>();
		Queue<CompletableFuture<Answer<Optional<String>>>> answers = new ArrayDeque<>(
				List.of(answer(9, "a"), answer(5, "b"), answer(5, "b"), answer(6, "c")));
		try (BlockingQuery query = new BlockingQuery((path, timeout) -> next(answers), "/v1/x", (answer) -> {
			afterOutage.add(answer.afterOutage());
			if (afterOutage.size() == 2) {
				throw new StackOverflowError("once");
			}
		}, watchThread, new BackOff(new Random(1)))) {
			query.start();
			await().until(() -> afterOutage.size() == 4);
			assertThat(afterOutage).containsExactly(false, true, true, false);
		}
	}

	@Test
	void aListenerThatThrowsIsCalledAgainWithWhatStandsThere() {
		List<@Nullable String> seen = new CopyOnWriteArrayList<>();
		Queue<CompletableFuture<Answer<Optional<String>>>> answers = new ArrayDeque<>(
				List.of(answer(1, "a"), answer(1, "a"), answer(2, "b")));
		try (BlockingQuery query = new BlockingQuery((path, timeout) -> next(answers), "/v1/x", (answer) -> {
			seen.add(answer.body().orElse(null));
			if (seen.size() == 1) {
				throw new IllegalStateException("the listener failed");
			}
		}, watchThread, new BackOff(new Random(1)))) {
			query.start();
			await().until(() -> seen.size() == 3);
			assertThat(seen).containsExactly("a", "a", "b");
		}
	}

	@Test
	void aClosedWatchDropsTheAnswerOnItsWayAndAsksNoMore() throws Exception {
		CompletableFuture<Answer<Optional<String>>> onItsWay = new CompletableFuture<>();
		BlockingQuery query = query(List.of(onItsWay, answer(2, "b")));
		await().until(() -> asked.size() == 1);
		query.close();
		onItsWay.complete(new Answer<>(1, Optional.of("a"), false));
		watchThread.submit(() -> assertThat(asked).hasSize(1)).get();
		assertThat(heard).isEmpty();
	}

	@Test
	void pausesGrowToTheLongestAndAreNeverLonger() {
		BackOff backOff = new BackOff(new Random(42));
		assertThat(longest(backOff, 1)).isBetween(Duration.ofMillis(150), Duration.ofMillis(200));
		assertThat(longest(backOff, 3)).isBetween(Duration.ofMillis(600), Duration.ofMillis(800));
		assertThat(longest(backOff, 1_000)).isBetween(Duration.ofMillis(2_400), Duration.ofSeconds(3));
	}

	private static Duration longest(BackOff backOff, int failures) {
		Duration longest = Duration.ZERO;
		for (int i = 0; i < 200; i++) {
			Duration pause = backOff.pause(failures);
			longest = (pause.compareTo(longest) > 0) ? pause : longest;
		}
		return longest;
	}

	private BlockingQuery query(List<CompletableFuture<Answer<Optional<String>>>> answers) {
		Queue<CompletableFuture<Answer<Optional<String>>>> queue = new ArrayDeque<>(answers);
		BlockingQuery query = new BlockingQuery((path, timeout) -> {
			asked.add(path);
			return next(queue);
		}, "/v1/x", (answer) -> heard.add(answer.body().orElse(null)), watchThread, new BackOff(new Random(1)));
		query.start();
		return query;
	}

	// When the prepared answers are used up, the agent waits for a change.
	private static CompletableFuture<Answer<Optional<String>>> next(
			Queue<CompletableFuture<Answer<Optional<String>>>> answers) {
		CompletableFuture<Answer<Optional<String>>> next = answers.poll();
		return (next != null) ? next : new CompletableFuture<>();
	}

	private static CompletableFuture<Answer<Optional<String>>> answer(long index, String body) {
		return CompletableFuture.completedFuture(new Answer<>(index, Optional.of(body), false));
	}

}
