package com.example.configserver.release;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.configserver.history.Revision;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LagTests {

	private final MemoryHistory history = new MemoryHistory();

	private final List<CompletableFuture<Boolean>> looks = new ArrayList<>();

	private final AtomicInteger looked = new AtomicInteger();

	private final Revision one = history.commit("one", "");

	private final Lag lag = new Lag(history, () -> {
		CompletableFuture<Boolean> look = new CompletableFuture<>();
		looks.add(look);
		return look;
	});

	@Test
	void whoHasWhatWasDecidedUponIsNotBehind() {
		assertThat(isBehind(one, "one")).isFalse();
		assertThat(isBehind(history.commit("two", ""), "one")).isFalse();
		assertThat(looks).isEmpty();
	}

	@Test
	void whoDoesNotHaveItWaitsForOneLookHoweverOftenItAsks() {
		assertThat(isBehind(one, "two")).isTrue();
		assertThat(isBehind(one, "two")).isTrue();
		assertThat(looks).hasSize(1);
		Revision two = history.commit("two", "");
		looks.get(0).complete(true);
		assertThat(looked).hasValue(1);
		assertThat(isBehind(two, "two")).isFalse();
	}

	@Test
	void whenALookBringsNothingTheLineWasMovedBack() {
		assertThat(isBehind(one, "lost")).isTrue();
		looks.get(0).complete(true);
		assertThat(isBehind(one, "lost")).isFalse();
	}

	@Test
	void aLookThatFailsProvesNothingAndIsRepeated() {
		assertThat(isBehind(one, "lost")).isTrue();
		looks.get(0).complete(false);
		assertThat(looked).hasValue(0);
		assertThat(isBehind(one, "lost")).isTrue();
		assertThat(looks).hasSize(2);
	}

	@Test
	void whoHasAnOlderOneThanWasDecidedUponIsBehind() {
		history.commit("two", "");
		assertThat(isBehind(one, "two")).isTrue();
	}

	private boolean isBehind(Revision newest, String considered) {
		return lag.isBehind(newest, ReleaseState.first(considered, considered,
				EventKind.RELEASED.event(Clock.systemUTC(), considered, "ada", "")), looked::incrementAndGet);
	}

}
