package com.example.configserver.release;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.example.configserver.content.Secrets;
import com.example.configserver.history.Revision;
import com.example.configserver.release.fleet.Member;
import com.example.configserver.release.gray.GrayChoice;
import com.example.configserver.release.gray.GrayRelease;
import com.example.configserver.release.gray.GrayWatch.Verdict;
import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.Refused;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.example.platform.configprotocol.api.Overview.Event;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GrayReleasesTests {

	private final Clock clock = Clock.systemUTC();

	private final MemoryHistory history = new MemoryHistory();

	private final ReleaseBoard board = new ReleaseBoard(null);

	private final ParsedRevisions parsed = new ParsedRevisions(history);

	private final Checks checks = new Checks(history, parsed, () -> KeyCatalogue.of(List.of(), List.of()),
			Secrets.none());

	private List<Member> members = List.of(member("deli-1"), member("deli-2"));

	private final GrayReleases releases = new GrayReleases(history, board, checks,
			new GrayChoice(parsed::configuration, () -> Set.of("deli"), () -> members),
			new Rollbacks(history, board, parsed, checks, clock), clock);

	private final Revision stable = history.commit("stable", "size: 1\n");

	private final Revision branch = history.branch("branch", stable, "size: 2\n");

	@BeforeEach
	void release() {
		board.update(
				(none) -> ReleaseState.first("stable", "stable", EventKind.RELEASED.event(clock, "stable", "ada", "")));
	}

	@Test
	void aRevisionGoesToItsShareOfTheInstances() {
		GrayRelease gray = begin(branch);
		assertThat(gray.revision()).isEqualTo("branch");
		assertThat(gray.instances()).hasSize(1);
		assertThat(state().gray()).isEqualTo(gray);
		assertThat(lastEvent().kind()).isEqualTo("gray");
		assertThat(lastEvent().message()).isEqualTo("Save branch");
		assertRefused(() -> begin(branch), "is out");
	}

	@Test
	void withoutARevisionTheNextOnesOfTheLineWillBeGray() {
		GrayRelease gray = begin(null);
		assertThat(gray.followsLine()).isTrue();
		assertThat(gray.instances()).isEmpty();
		assertThat(state().grayOnTrial()).isNull();
	}

	@Test
	void whatConcernsNobodyIsRefused() {
		assertRefused(() -> begin(history.branch("same", stable, "size: 1\n")), "nothing new");
		members = List.of();
		assertRefused(() -> begin(branch), "No running instance that it concerns is there");
		assertRefused(() -> begin(null), "No running instance");
		assertRefused(() -> begin(history.branch("bad", stable, "size: [\n")), "refused itself");
		assertThat(state().gray()).isNull();
	}

	@Test
	void ofTwoServersThatBeginAtOnceOneIsTold() {
		ReleaseState before = state();
		begin(branch);
		assertRefused(() -> releases.begin(before, branch, 50, Map.of(), "bob", null), "Somebody else");
	}

	@Test
	void promotingABranchStoresItsContentOnTheLine() throws IOException {
		begin(branch);
		Revision promoted = promote();
		assertThat(history.head()).isEqualTo(promoted);
		assertThat(history.text(promoted)).isEqualTo("size: 2\n");
		assertThat(state().revision()).isEqualTo(promoted.id());
		assertThat(state().gray()).isNull();
		assertThat(lastEvent().kind()).isEqualTo("promoted");
	}

	@Test
	void aBranchIsNotPromotedOverWhatTheLineGotMeanwhile() {
		begin(branch);
		history.commit("newer", "size: 3\n");
		assertRefused(this::promote, "The line has moved on to newer");
		assertThat(state().gray()).isNotNull();
	}

	@Test
	void whatIsOnTheLineAlreadyIsPromotedAsItIs() throws IOException {
		Revision next = grayOnTheLine();
		assertThat(promote()).isEqualTo(next);
		assertThat(state().revision()).isEqualTo("next");
		assertThat(history.head()).isEqualTo(next);
	}

	@Test
	void whatAllHaveAlreadyIsNotReleasedAgain() throws IOException {
		begin(branch);
		Revision merged = history.branch("merged", branch, "size: 2\n");
		history.moveTo(merged);
		board.update((present) -> Objects.requireNonNull(present)
			.consider("merged")
			.release("merged", present.gray(), EventKind.RELEASED.event(clock, "merged", "ada", "")));
		assertThat(promote()).isEqualTo(merged);
		assertThat(state().released()).containsExactly("merged", "stable");
	}

	@Test
	void abandoningTheNewestOfTheLineRestoresWhatIsReleased() {
		grayOnTheLine();
		Revision restored = abandon();
		assertThat(history.head()).isEqualTo(restored);
		assertThat(history.text(restored)).isEqualTo("size: 1\n");
		assertThat(state().revision()).isEqualTo(restored.id());
		assertRefused(this::abandon, "No gray release is out");
	}

	@Test
	void abandoningABranchLeavesTheLineAlone() {
		begin(branch);
		assertThat(abandon()).isEqualTo(stable);
		assertThat(history.head()).isEqualTo(stable);
		assertThat(lastEvent().kind()).isEqualTo("abandoned");
	}

	@Test
	void whereTheRepositoryTakesNothingNobodyRunsWhatWasAbandonedAllTheSame() {
		grayOnTheLine();
		history.becomeReadOnly();
		board.update((present) -> Objects.requireNonNull(present).consider("stable"));
		assertThat(abandon()).isEqualTo(stable);
		assertThat(state().revision()).isEqualTo("stable");
		assertThat(state().gray()).isNull();
		assertThat(state().considered()).as("so that no server releases it").isEqualTo("next");
	}

	@Test
	void anInstanceThatRefusesWhatItIsToTryTakesItBack() {
		GrayRelease gray = begin(branch);
		String chosen = gray.instances().iterator().next();
		Refused refused = new Refused("branch", List.of());
		releases.takeBackIfRefused(report("deli-3"), refused);
		releases.takeBackIfRefused(report(chosen), new Refused("other", List.of()));
		assertThat(state().gray()).isNotNull();
		releases.takeBackIfRefused(report(chosen), refused);
		assertThat(state().gray()).isNull();
		assertThat(lastEvent().kind()).isEqualTo("taken-back");
		assertThat(lastEvent().message()).isEqualTo(chosen + " refuses it");
	}

	@Test
	void aVerdictCountsForTheGrayReleaseThatWasJudged() {
		GrayRelease judged = begin(branch);
		releases
			.takeBackIfWorse(new Verdict(judged.withRevision("branch", Set.of(), Instant.EPOCH), "too many errors"));
		assertThat(state().gray()).isNotNull();
		releases.takeBackIfWorse(new Verdict(judged.withInstances(Set.of()), "too many errors"));
		assertThat(state().gray()).isNull();
		assertThat(lastEvent().message()).isEqualTo("too many errors");
	}

	private GrayRelease begin(@Nullable Revision revision) {
		return releases.begin(state(), revision, 50, Map.of(), "ada", null);
	}

	private Revision promote() throws IOException {
		return releases.promote(state(), "ada", null);
	}

	private Revision abandon() {
		return releases.abandon(state(), "ada", null);
	}

	// As the decision upon a new revision does while the gray release follows the line.
	private Revision grayOnTheLine() {
		GrayRelease gray = begin(null);
		Revision next = history.commit("next", "size: 2\n");
		board.update((present) -> Objects.requireNonNull(present)
			.consider("next")
			.withGray(gray.withRevision("next", Set.of("deli-1"), clock.instant())));
		return next;
	}

	private ReleaseState state() {
		return Objects.requireNonNull(board.state());
	}

	private Event lastEvent() {
		return state().events().get(0);
	}

	private static void assertRefused(ThrowingCallable request, String reason) {
		assertThatExceptionOfType(RefusedRequestException.class).isThrownBy(request).withMessageContaining(reason);
	}

	private static Member member(String instance) {
		return new Member(report(instance), "127.0.0.1:1", "", "");
	}

	private static InstanceReport report(String instance) {
		return new InstanceReport("deli", instance, "stable", Source.SERVER, Instant.EPOCH, null, List.of());
	}

}
