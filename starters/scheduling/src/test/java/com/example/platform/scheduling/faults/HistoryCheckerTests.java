package com.example.platform.scheduling.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.example.platform.scheduling.faults.HistoryChecker.Act;
import com.example.platform.scheduling.faults.HistoryChecker.Effect;
import com.example.platform.scheduling.queue.Run;
import com.example.platform.scheduling.queue.RunState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The checker convicts planted mistakes, and no innocent.
 */
class HistoryCheckerTests {

	private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final List<Run> runs = new ArrayList<>(
			List.of(run(0, 1, RunState.SUCCEEDED, 0.1, 0.2), run(1, 1, RunState.FAILED, 1.1, 1.2),
					run(1, 2, RunState.SUCCEEDED, 2.0, 2.1), skipped(2, 5), run(6, 1, RunState.ABANDONED, 6.1, 8),
					run(6, 2, RunState.FAILED, 8, 8.5), run(7, 1, RunState.SUCCEEDED, 8.6, 8.7)));

	private final List<Effect> effects = new ArrayList<>(
			List.of(new Effect("tick-0", 1), new Effect("tick-1", 101), new Effect("tick-7", 701)));

	private final List<Act> acts = new ArrayList<>(
			List.of(new Act("a", 5, 100), new Act("a", 5, 200), new Act("b", 7, 300), new Act("a", 9, 400)));

	private Instant from = BEGIN;

	private Instant until = BEGIN.plusSeconds(8);

	@Test
	void anInnocentIsNotConvicted() {
		assertThat(all()).isEmpty();
	}

	@Test
	void anEffectThatWasMadeTwice() {
		effects.add(new Effect("tick-1", 102));
		assertThat(all()).singleElement().asString().contains("2 effects of tick-1");
	}

	@Test
	void anEffectThatIsMissing() {
		effects.remove(0);
		assertThat(all()).singleElement().asString().contains("tick-0#1 has succeeded without an effect");
	}

	@Test
	void anEffectOfAnAttemptThatNobodyRecorded() {
		effects.set(0, new Effect("tick-0", 2));
		assertThat(all()).singleElement().asString().contains("an effect of no recorded attempt");
	}

	@Test
	void anEffectOfATickThatNobodyRecorded() {
		effects.add(new Effect("tick-99", 1));
		assertThat(all()).singleElement().asString().contains("an effect of tick-99, which is not recorded");
	}

	@Test
	void aTickThatNobodyRecorded() {
		runs.remove(0);
		effects.remove(0);
		assertThat(all()).singleElement().asString().contains("no record of the ticks from 2026-01-01T00:00:00Z");
		from = BEGIN.plusSeconds(1);
		assertThat(all()).isEmpty();
		runs.remove(runs.size() - 1);
		runs.add(run(8, 1, RunState.FAILED, 8.6, 8.7));
		effects.remove(1);
		assertThat(all()).singleElement().asString().contains("no record of the ticks from 2026-01-01T00:00:07Z");
	}

	@Test
	void aScheduleThatStopsForEver() {
		until = BEGIN.plusSeconds(9);
		assertThat(all()).singleElement()
			.asString()
			.isEqualTo("no record of the ticks from 2026-01-01T00:00:08Z to 2026-01-01T00:00:09Z");
		runs.clear();
		effects.clear();
		assertThat(all()).singleElement().asString().contains("from 2026-01-01T00:00:00Z to 2026-01-01T00:00:09Z");
	}

	@Test
	void aTickThatWasRecordedTwice() {
		runs.add(skipped(5, 5));
		assertThat(all()).singleElement().asString().contains("is recorded twice");
	}

	@Test
	void aRunThatBeganTooEarlyOrTooLate() {
		runs.set(0, run(0, 1, RunState.SUCCEEDED, -0.1, 0.2));
		assertThat(all()).singleElement().asString().contains("tick-0#1 began before it was due");
		runs.set(0, run(0, 1, RunState.SUCCEEDED, 0.1, 0.2));
		runs.set(6, run(7, 1, RunState.SUCCEEDED, 40, 41));
		assertThat(all()).singleElement().asString().contains("tick-7#1 began too late");
	}

	@Test
	void aRunThatNeverEnded() {
		runs.set(6, run(7, 1, RunState.WAITING, null, null));
		assertThat(all()).singleElement().asString().contains("tick-7#1 is still waiting");
	}

	@Test
	void runsThatOverlap() {
		runs.set(6, run(7, 1, RunState.SUCCEEDED, 8.4, 8.7));
		assertThat(all()).singleElement().asString().contains("tick-7#1 began while job/tick-6#2 was under way");
	}

	@Test
	void termsThatOverlapOrGoBack() {
		acts.add(new Act("b", 7, 450));
		assertThat(all()).contains("term 7 of b in count 0 goes on after another one has begun");
		acts.set(4, new Act("b", 9, 450));
		assertThat(all()).containsExactly("after term 9 of a in count 0 comes term 9 of b in count 0");
		acts.set(4, new Act("b", 3, 450));
		assertThat(all()).containsExactly("after term 9 of a in count 0 comes term 3 of b in count 0");
		assertThat(HistoryChecker.terms(acts, List.of(420L))).isEmpty();
		acts.add(new Act("a", 9, 460));
		acts.add(new Act("b", 3, 470));
		assertThat(HistoryChecker.terms(acts, List.of(420L)))
			.contains("term 3 of b in count 1 goes on after another one has begun");
	}

	private List<String> all() {
		List<String> flaws = new ArrayList<>(HistoryChecker.ticks(runs, from, until, SECOND, Duration.ofSeconds(30)));
		flaws.addAll(HistoryChecker.effects(runs, effects));
		flaws.addAll(HistoryChecker.overlaps(runs));
		flaws.addAll(HistoryChecker.terms(acts, List.of()));
		return flaws;
	}

	private static Run run(int second, int attempt, RunState state, @Nullable Double started, @Nullable Double ended) {
		Instant due = BEGIN.plusSeconds(second);
		return new Run("job", "tick-" + second, attempt, due, due, 1, state, at(started), at(ended), "instance",
				second * 100L + attempt, false, null, null, null);
	}

	private static Run run(int second, int attempt, RunState state, double started, double ended) {
		return run(second, attempt, state, Double.valueOf(started), Double.valueOf(ended));
	}

	private static Run skipped(int first, int last) {
		return new Run("job", "tick-" + first, 1, BEGIN.plusSeconds(first), BEGIN.plusSeconds(last), last - first + 1,
				RunState.SKIPPED, null, BEGIN, null, null, false, "missed", null, null);
	}

	private static @Nullable Instant at(@Nullable Double second) {
		return (second != null) ? BEGIN.plusMillis(Math.round(second * 1000)) : null;
	}

}
