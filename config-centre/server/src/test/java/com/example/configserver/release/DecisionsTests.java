package com.example.configserver.release;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.example.configserver.history.Revision;
import com.example.configserver.release.gray.GrayRelease;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.Refused;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.example.platform.configprotocol.Problem;
import com.example.platform.configprotocol.api.Overview.Event;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DecisionsTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private static final Problem PROBLEM = new Problem("deli.yml", 1, "greeting", "must not be empty");

	private final Facts facts = new Facts();

	private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

	private Set<String> receivers = Set.of("deli-1");

	private final Decisions decisions = new Decisions(facts, (gray, before, after) -> receivers, clock);

	private final Revision one = new Revision("one", null, "ada", NOW, "Begin");

	private final Revision two = new Revision("two", "one", "ada", NOW, "Go on");

	@Test
	void theNewestGoodRevisionIsReleasedFirst() {
		ReleaseState first = upon(two, null);
		assertThat(first.revision()).isEqualTo("two");
		assertThat(first.considered()).isEqualTo("two");
	}

	@Test
	void aBadNewestRevisionIsRefusedAndTheOneBeforeItReleasedFirst() {
		facts.bad(two);
		ReleaseState first = upon(two, null);
		assertThat(first.revision()).isEqualTo("one");
		assertThat(first.considered()).isEqualTo("two");
		assertThat(first.isRefused("two")).isTrue();
		assertThat(facts.refused).containsExactly("two");
	}

	@Test
	void withoutAnyGoodRevisionNothingIsReleased() {
		facts.bad(one);
		facts.bad(two);
		facts.line = List.of(two, one);
		assertThat(decisions.decide(two, null)).isNull();
		assertThat(facts.refused).containsExactly("two", "one");
	}

	@Test
	void aGoodRevisionFollowsAndABadOneChangesNothingButTheLog() {
		ReleaseState first = upon(one, null);
		ReleaseState next = upon(two, first);
		assertThat(next.released()).containsExactly("two", "one");
		facts.bad(two);
		ReleaseState refused = upon(two, first);
		assertThat(refused.revision()).isEqualTo("one");
		assertThat(refused.events().get(0)).isEqualTo(EventKind.REFUSED.event(clock, "two", "ada", PROBLEM.toString()));
	}

	@Test
	void whatWasDecidedUponIsNotDecidedUponAgain() {
		ReleaseState first = upon(one, null);
		facts.bad(one);
		assertThat(decisions.decide(one, first)).isSameAs(first);
	}

	@Test
	void aLostHistoryBeginsAnew() {
		ReleaseState lost = ReleaseState.first("elsewhere", "elsewhere",
				EventKind.RELEASED.event(clock, "elsewhere", "ada", ""));
		assertThat(upon(two, lost).released()).containsExactly("two");
		facts.bad(one);
		facts.bad(two);
		assertThat(upon(two, lost).revision()).isEqualTo("elsewhere");
	}

	@Test
	void whileAGrayReleaseFollowsTheLineANewRevisionIsGray() {
		GrayRelease gray = new GrayRelease("one", Set.of(), 50, Map.of(), true, "one", "ada", "", NOW);
		ReleaseState state = upon(two, withGray(gray));
		assertThat(state.revision()).isEqualTo("one");
		assertThat(state.gray()).extracting(GrayRelease::revision, GrayRelease::instances)
			.containsExactly("two", Set.of("deli-1"));
		receivers = Set.of("deli-1", "deli-2");
		ReleaseState more = Objects.requireNonNull(decisions.chooseMore(state));
		assertThat(more.gray()).extracting(GrayRelease::instances).isEqualTo(Set.of("deli-1", "deli-2"));
		assertThat(decisions.chooseMore(more)).isSameAs(more);
	}

	@Test
	void beforeThereIsAGrayRevisionNobodyIsChosen() {
		ReleaseState waiting = withGray(new GrayRelease("one", Set.of(), 50, Map.of(), true, "one", "ada", "", NOW));
		assertThat(decisions.chooseMore(waiting)).isSameAs(waiting);
	}

	@Test
	void besideAGrayReleaseOfItsOwnTheLineGoesOn() {
		GrayRelease gray = new GrayRelease("branch", Set.of(), 50, Map.of(), false, "one", "ada", "", NOW);
		ReleaseState state = upon(two, withGray(gray));
		assertThat(state.revision()).isEqualTo("two");
		assertThat(state.gray()).isEqualTo(gray);
	}

	@Test
	void aRefusedRevisionIsReleasedOnceItPasses() {
		ReleaseState first = upon(one, null);
		facts.bad(two);
		ReleaseState refused = upon(two, first);
		assertThat(decisions.decideAgain(two, refused)).isSameAs(refused);
		facts.problems.clear();
		assertThat(Objects.requireNonNull(decisions.decideAgain(two, refused)).revision()).isEqualTo("two");
		assertThat(decisions.decideAgain(one, first)).isSameAs(first);
		assertThat(decisions.decideAgain(one, null)).isNull();
	}

	@Test
	void aServiceThatRefusesTheReleaseStaysOnWhatItRunsUntilAnInstanceTakesIt() {
		ReleaseState state = upon(two, upon(one, null));
		ReleaseState heard = hear(report("deli-1", "one", "two"), state);
		assertThat(heard.goodFor()).isEqualTo(Map.of("deli", "one"));
		assertThat(heard.events().get(0).message()).startsWith("deli-1 refuses it: deli.yml");
		assertThat(hear(report("deli-2", "one", "two"), heard)).isSameAs(heard);
		assertThat(hear(report("deli-1", "one", "earlier"), state)).isSameAs(state);
		assertThat(hear(report("deli-1", "two", null), state)).isSameAs(state);
		List<InstanceReport> mixed = List.of(report("deli-1", "one", "two"), report("deli-2", "two", null));
		assertThat(Decisions.forgive(mixed, heard)).isEqualTo(heard);
		assertThat(Decisions.forgive(List.of(report("deli-3", "two", null)), heard))
			.isEqualTo(state.log(heard.events().get(0)));
	}

	private ReleaseState upon(Revision head, @Nullable ReleaseState present) {
		facts.line = head.equals(one) ? List.of(one) : List.of(two, one);
		return Objects.requireNonNull(decisions.decide(head, present));
	}

	private ReleaseState hear(InstanceReport report, ReleaseState present) {
		return Objects.requireNonNull(decisions.noteRefusal(report, present));
	}

	private ReleaseState withGray(GrayRelease gray) {
		return upon(one, null).withGray(gray, EventKind.GRAY.event(clock, gray.revision(), "ada", ""));
	}

	private static InstanceReport report(String instance, String revision, @Nullable String refused) {
		return new InstanceReport("deli", instance, revision, Source.SERVER, NOW,
				(refused != null) ? new Refused(refused, List.of(PROBLEM)) : null, List.of());
	}

	private static final class Facts implements Decisions.Facts {

		private List<Revision> line = List.of();

		private final Map<String, List<Problem>> problems = new HashMap<>();

		private final List<String> refused = new ArrayList<>();

		private void bad(Revision revision) {
			problems.put(revision.id(), List.of(PROBLEM));
		}

		@Override
		public List<Problem> check(Revision revision, @Nullable String released) {
			return problems.getOrDefault(revision.id(), List.of());
		}

		@Override
		public void refuse(Revision revision, List<Problem> found) {
			refused.add(revision.id());
		}

		@Override
		public boolean isKnown(String id) {
			return line.stream().anyMatch((revision) -> revision.id().equals(id));
		}

		@Override
		public List<Revision> revisions() {
			return line;
		}

	}

}
