package com.example.configserver.release;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.Difference;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.configserver.release.Event.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Goes back to what was released before. Rolls back on the decision thread; looking at
 * what was before is thread-safe.
 */
final class Rollbacks {

	private static final Set<Kind> FAILURES = EnumSet.of(Kind.REFUSED, Kind.REFUSED_BY_SERVICE, Kind.ABANDONED,
			Kind.TAKEN_BACK);

	private final History history;

	private final Supplier<ReleaseState> state;

	private final Checks checks;

	private final Restorer restorer;

	/**
	 * Creates rollbacks.
	 * @param state gives the present state, or throws where there is none yet
	 */
	Rollbacks(History history, Supplier<ReleaseState> state, Checks checks, Restorer restorer) {
		this.history = history;
		this.state = state;
		this.checks = checks;
		this.restorer = restorer;
	}

	/**
	 * Makes the content of an earlier revision the newest one again and releases it.
	 * @param named the earlier revision; {@code null} for the one before the present one
	 * @return the new revision
	 */
	Revision rollBack(@Nullable Revision named, String author, @Nullable String message) throws IOException {
		ReleaseState present = state.get();
		if (present.gray() != null) {
			throw RefusedRequestException
				.conflict("A gray release is out. Promote or abandon it before you roll back.");
		}
		Revision earlier = (named != null) ? named : goodBefore(present);
		checks.requireReleasable(earlier);
		return restorer.restore(earlier, Kind.ROLLED_BACK, author,
				(message != null) ? message : "Roll back to " + earlier.id(), UnaryOperator.identity());
	}

	private Revision goodBefore(ReleaseState present) {
		Configuration current = checks.configuration(present.revision());
		Revision revision = history.find(present.revision()).orElseThrow(() -> Releases.unknown(present.revision()));
		return before(revision, present)
			.filter((earlier) -> checks.check(earlier, null).isEmpty() && !hasFailed(present, earlier)
					&& differs(checks.configuration(earlier.id()), current))
			.findFirst()
			.orElseThrow(() -> RefusedRequestException.conflict("There is no earlier revision to roll back to."));
	}

	private static boolean hasFailed(ReleaseState state, Revision revision) {
		return state.lastEvent(revision.id()).map(Event::kind).filter(FAILURES::contains).isPresent();
	}

	private static boolean differs(@Nullable Configuration earlier, @Nullable Configuration current) {
		return earlier != null && !Difference.ofAll(current, earlier).isEmpty();
	}

	/**
	 * Returns the revisions that instances may have run before another one: first those
	 * that were released before it, newest first, as far as is remembered.
	 */
	Stream<Revision> before(Revision revision, ReleaseState present) {
		List<String> released = present.released();
		int index = released.indexOf(revision.id());
		List<String> earlier = (index < 0) ? List.of() : released.subList(index + 1, released.size());
		List<Revision> remembered = earlier.stream().map(history::find).flatMap(Optional::stream).toList();
		Revision oldest = remembered.isEmpty() ? revision : remembered.get(remembered.size() - 1);
		return Stream.concat(remembered.stream(),
				Stream.iterate(parent(oldest), Optional::isPresent, (next) -> next.flatMap(this::parent))
					.flatMap(Optional::stream)
					.limit(Checks.MOST_REVISIONS));
	}

	private Optional<Revision> parent(Revision revision) {
		return (revision.parent() != null) ? history.find(revision.parent()) : Optional.empty();
	}

}
