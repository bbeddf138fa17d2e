package com.example.configserver.release;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.Difference;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the content of an earlier revision the newest one again and releases it. Confined
 * to the decision thread, but for looking at what was before.
 */
final class Rollbacks {

	private static final Log log = LogFactory.getLog(Rollbacks.class);

	private final History history;

	private final ReleaseBoard board;

	private final ParsedRevisions parsed;

	private final Checks checks;

	private final Clock clock;

	Rollbacks(History history, ReleaseBoard board, ParsedRevisions parsed, Checks checks, Clock clock) {
		this.history = history;
		this.board = board;
		this.parsed = parsed;
		this.checks = checks;
		this.clock = clock;
	}

	/**
	 * Rolls back.
	 * @param named the earlier revision; {@code null} for the one before the present one
	 * @return the new revision
	 * @throws IOException when it cannot be stored
	 */
	Revision rollBack(ReleaseState present, @Nullable Revision named, String author, @Nullable String message)
			throws IOException {
		if (present.gray() != null) {
			throw RefusedRequestException
				.conflict("A gray release is out. Promote or abandon it before you roll back.");
		}
		Revision earlier = (named != null) ? named : goodBefore(present);
		checks.requireReleasable(earlier);
		return restore(earlier, EventKind.ROLLED_BACK, author,
				(message != null) ? message : "Roll back to " + earlier.id(), UnaryOperator.identity());
	}

	private Revision goodBefore(ReleaseState present) {
		Configuration current = parsed.configuration(present.revision());
		Revision revision = history.find(present.revision())
			.orElseThrow(() -> RefusedRequestException.noRevision(present.revision()));
		return before(revision, present)
			.filter((earlier) -> checks.check(earlier, null).isEmpty()
					&& present.lastEvent(earlier.id()).filter(EventKind::isSetback).isEmpty()
					&& !Difference.ofAll(current, parsed.configuration(earlier)).isEmpty())
			.findFirst()
			.orElseThrow(() -> RefusedRequestException.conflict("There is no earlier revision to roll back to."));
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
		return Optional.ofNullable(revision.parent()).flatMap(history::find);
	}

	/**
	 * Makes a new revision that says what an earlier one said, and releases it to all.
	 * @param meanwhile what else changes with the release
	 * @return the new revision
	 * @throws IOException when it cannot be stored
	 */
	Revision restore(Revision earlier, EventKind kind, String author, String message,
			UnaryOperator<ReleaseState> meanwhile) throws IOException {
		Revision restored = history.restore(earlier, author, message);
		board.update((present) -> (present == null) ? null
				: meanwhile.apply(present)
					.consider(restored.id())
					.release(restored.id(), null, kind.event(clock, restored.id(), author, message)));
		log.info("Revision " + restored.id() + " is released, with the content of " + earlier.id() + ": " + message);
		return restored;
	}

}
