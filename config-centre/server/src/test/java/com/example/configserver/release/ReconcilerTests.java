package com.example.configserver.release;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import com.example.configserver.content.Secrets;
import com.example.configserver.release.fleet.Fleet;
import com.example.configserver.release.gray.GrayBounds;
import com.example.configserver.release.gray.GrayChoice;
import com.example.configserver.release.gray.GrayWatch;
import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.configprotocol.ConfigKey;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReconcilerTests {

	private static final KeyCatalogue NOTHING_KNOWN = KeyCatalogue.of(List.of(), List.of());

	private final Clock clock = Clock.systemUTC();

	private final MemoryHistory history = new MemoryHistory();

	private final ReleaseBoard board = new ReleaseBoard(null);

	private final ParsedRevisions parsed = new ParsedRevisions(history);

	private KeyCatalogue catalogue = NOTHING_KNOWN;

	private final Checks checks = new Checks(history, parsed, () -> catalogue, Secrets.none());

	private final GrayChoice choice = new GrayChoice(parsed::configuration, Set::of, List::of);

	private final Troubles troubles = new Troubles();

	// Neither is started: nothing happens but what a test asks for.
	private final Reconciler reconciler = new Reconciler(new DecisionThread(troubles, Duration.ZERO),
			new Line(history, Duration.ZERO, Duration.ZERO, troubles),
			new Lag(history, () -> CompletableFuture.completedFuture(true)), board,
			new Decisions(checks, choice::receivers, clock), checks, new Fleet(null),
			new GrayReleases(history, board, checks, choice, new Rollbacks(history, board, parsed, checks, clock),
					clock),
			new GrayWatch(new GrayBounds(Duration.ofSeconds(1), Duration.ofSeconds(30), 20, 5, 0.05, 3,
					Duration.ofMillis(100)), List::of, clock),
			clock);

	@Test
	void withoutARevisionThereIsNothingToDecide() {
		reconciler.consider();
		reconciler.considerAgain();
		assertThat(board.state()).isNull();
	}

	@Test
	void theNewestRevisionIsReleasedUnlessItIsRefused() {
		history.commit("one", "size: 1\n");
		reconciler.consider();
		history.commit("bad", "size: [\n");
		reconciler.tend();
		assertThat(state().revision()).isEqualTo("one");
		assertThat(state().isRefused("bad")).isTrue();
		history.commit("two", "size: 2\n");
		reconciler.consider();
		assertThat(state().released()).containsExactly("two", "one");
	}

	@Test
	void whatWasDecidedUponIsNotDecidedUponAgain() {
		history.commit("one", "size: 1\n");
		reconciler.consider();
		ReleaseState decided = state();
		reconciler.consider();
		reconciler.hearTheFleet();
		assertThat(state()).isSameAs(decided);
	}

	@Test
	void aRefusedRevisionIsReleasedOnceItsKeysMeanSomethingElse() {
		history.commit("one", "size: 1\n");
		reconciler.consider();
		catalogue = KeyCatalogue.of(List.of(new ConfigKey("size", "java.lang.Integer", null, true, null)), List.of());
		var refused = history.commit("two", "size: many\n");
		reconciler.consider();
		assertThat(checks.refusals(refused)).hasSize(1);
		reconciler.considerAgain();
		assertThat(state().revision()).isEqualTo("one");
		catalogue = NOTHING_KNOWN;
		reconciler.considerAgain();
		assertThat(state().revision()).isEqualTo("two");
		assertThat(checks.refusals(refused)).isEmpty();
	}

	private ReleaseState state() {
		return Objects.requireNonNull(board.state());
	}

}
