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
import com.example.configserver.release.gray.GrayRelease;
import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.configprotocol.api.Overview.Event;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

class RollbacksTests {

	private final MemoryHistory history = new MemoryHistory();

	private final ReleaseBoard board = new ReleaseBoard(null);

	private final ParsedRevisions parsed = new ParsedRevisions(history);

	private final Rollbacks rollbacks = new Rollbacks(history, board, parsed,
			new Checks(history, parsed, () -> KeyCatalogue.of(List.of(), List.of()), Secrets.none()),
			Clock.systemUTC());

	private final Revision one = release("one", "size: 1\n");

	@Test
	void theContentOfTheOneReleasedBeforeBecomesANewRevisionThatIsReleased() throws IOException {
		release("two", "size: 2\n");
		Revision restored = rollBack(null);
		assertThat(history.head()).isEqualTo(restored);
		assertThat(history.text(restored)).isEqualTo("size: 1\n");
		assertThat(state().revision()).isEqualTo(restored.id());
		assertThat(state().considered()).isEqualTo(restored.id());
		assertThat(state().events().get(0)).satisfies((event) -> {
			assertThat(event.kind()).isEqualTo("rolled-back");
			assertThat(event.message()).isEqualTo("Roll back to one");
		});
		assertThat(history.text(rollBack(null))).as("twice is there and back").isEqualTo("size: 2\n");
	}

	@Test
	void whatFailedOrSaysTheSameIsPassedOver() throws IOException {
		Revision failed = release("failed", "size: 9\n");
		board.update((present) -> Objects.requireNonNull(present).log(event(EventKind.REFUSED_BY_SERVICE, failed)));
		history.commit("unreadable", "size: [\n");
		release("two", "size: 2\n");
		release("same", "size: 2 # said again\n");
		assertThat(history.text(rollBack(null))).isEqualTo("size: 1\n");
	}

	@Test
	void withoutAGoodEarlierOneOrBesideAGrayReleaseItIsRefused() {
		assertThatExceptionOfType(RefusedRequestException.class).isThrownBy(() -> rollBack(null))
			.withMessage("There is no earlier revision to roll back to.");
		Revision bad = history.commit("bad", "size: [\n");
		assertThatExceptionOfType(RefusedRequestException.class).isThrownBy(() -> rollBack(bad))
			.withMessageContaining("bad is refused itself");
		GrayRelease gray = new GrayRelease("one", Set.of(), 50, Map.of(), true, "one", "ada", "", Instant.EPOCH);
		board.update((present) -> Objects.requireNonNull(present).withGray(gray));
		assertThatExceptionOfType(RefusedRequestException.class).isThrownBy(() -> rollBack(one))
			.withMessageContaining("A gray release is out");
	}

	@Test
	void beforeARevisionComeThoseReleasedBeforeItAndThenTheirParents() {
		history.commit("skipped", "");
		Revision three = release("three", "");
		assertThat(rollbacks.before(three, state())).extracting(Revision::id).containsExactly("one");
		Revision unreleased = history.branch("unreleased", three, "");
		assertThat(rollbacks.before(unreleased, state())).extracting(Revision::id)
			.containsExactly("three", "skipped", "one");
	}

	@Test
	void whatCannotBeStoredChangesNothing() {
		release("two", "size: 2\n");
		history.becomeReadOnly();
		ReleaseState before = state();
		assertThatIOException().isThrownBy(() -> rollBack(one));
		assertThat(state()).isEqualTo(before);
	}

	private Revision rollBack(@Nullable Revision named) throws IOException {
		return rollbacks.rollBack(state(), named, "ada", null);
	}

	private ReleaseState state() {
		return Objects.requireNonNull(board.state());
	}

	private Revision release(String id, String text) {
		Revision revision = history.commit(id, text);
		Event released = event(EventKind.RELEASED, revision);
		board.update((present) -> (present != null) ? present.consider(id).release(id, null, released)
				: ReleaseState.first(id, id, released));
		return revision;
	}

	private static Event event(EventKind kind, Revision revision) {
		return kind.event(Clock.systemUTC(), revision.id(), "ada", "");
	}

}
