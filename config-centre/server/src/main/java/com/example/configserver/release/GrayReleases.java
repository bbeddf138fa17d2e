package com.example.configserver.release;

import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.configserver.release.gray.GrayChoice;
import com.example.configserver.release.gray.GrayRelease;
import com.example.configserver.release.gray.GrayWatch.Verdict;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.Refused;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Begins gray releases and ends them: for all, or for nobody. Confined to the decision
 * thread.
 */
final class GrayReleases {

	private static final Log log = LogFactory.getLog(GrayReleases.class);

	private final History history;

	private final ReleaseBoard board;

	private final Checks checks;

	private final GrayChoice choice;

	private final Rollbacks rollbacks;

	private final Clock clock;

	GrayReleases(History history, ReleaseBoard board, Checks checks, GrayChoice choice, Rollbacks rollbacks,
			Clock clock) {
		this.history = history;
		this.board = board;
		this.checks = checks;
		this.choice = choice;
		this.rollbacks = rollbacks;
		this.clock = clock;
	}

	/**
	 * Begins a gray release.
	 * @param revision the revision; {@code null} for those that the line gets from now on
	 */
	GrayRelease begin(ReleaseState present, @Nullable Revision revision, @Nullable Integer percent,
			Map<String, String> labels, String author, @Nullable String message) {
		if (present.gray() != null) {
			throw RefusedRequestException.conflict("A gray release of revision " + present.gray().revision()
					+ " is out. Promote or abandon it first.");
		}
		GrayRelease gray = new GrayRelease(present.revision(), Set.of(), percent, labels, revision == null,
				present.considered(), author, (message != null) ? message : "", clock.instant());
		if (revision == null) {
			required(choice.amongAll(gray), gray);
			return begin(gray, "New revisions are gray from now on");
		}
		checks.requireReleasable(revision);
		Set<String> services = choice.concerned(present.revision(), revision.id());
		if (services.isEmpty()) {
			throw RefusedRequestException.conflict("Revision " + revision.id()
					+ " says nothing new to any running service. Roll back, or save a change, instead.");
		}
		Set<String> chosen = required(choice.among(gray, services), gray);
		return begin(gray.withRevision(revision.id(), chosen, clock.instant()),
				gray.message().isEmpty() ? revision.message() : gray.message());
	}

	private static Set<String> required(Set<String> chosen, GrayRelease gray) {
		if (chosen.isEmpty()) {
			throw RefusedRequestException.conflict("No running instance that it concerns "
					+ (gray.labels().isEmpty() ? "is there" : "has " + gray.labels())
					+ ". ./dev config status lists the instances.");
		}
		return chosen;
	}

	private GrayRelease begin(GrayRelease gray, String reason) {
		board.update((present) -> {
			if (present != null && present.gray() != null) {
				throw RefusedRequestException.conflict("Somebody else has just begun a gray release.");
			}
			return (present == null) ? null
					: present.withGray(gray, EventKind.GRAY.event(clock, gray.revision(), gray.author(), reason));
		});
		return gray;
	}

	/**
	 * Releases the gray revision to all instances.
	 * @return what is released now
	 * @throws IOException when its content cannot be stored on the line
	 */
	Revision promote(ReleaseState now, String author, @Nullable String message) throws IOException {
		GrayRelease gray = required(now);
		Revision revision = known(gray.revision());
		Revision stable = known(now.revision());
		String reason = (message != null) ? message : "Promote " + revision.id();
		var promoted = EventKind.PROMOTED.event(clock, gray.revision(), author, reason);
		if (isMerged(gray, revision, stable)) {
			board.update((present) -> requireOut(gray, present).withGray(null, promoted));
			return stable;
		}
		if (gray.followsLine()) {
			board.update((present) -> requireOut(gray, present).release(gray.revision(), null, promoted));
			return revision;
		}
		if (!gray.line().equals(history.head().id())) {
			throw RefusedRequestException.conflict("The line has moved on to " + history.head().id() + " since "
					+ gray.revision() + " became gray, and promoting it would undo that. Bring both together in"
					+ " one revision, and try that.");
		}
		try {
			// The gray instances stay on it until it is on the line.
			return rollbacks.restore(revision, EventKind.PROMOTED, author, reason,
					(present) -> requireOut(gray, present));
		}
		catch (RefusedRequestException ex) {
			// Another server has taken it back while it was stored.
			takeOffTheLine(stable, author, String.valueOf(ex.getMessage()));
			throw ex;
		}
	}

	// All instances have it already. What was on the line before it was gray is there
	// with its content undone: promoting that brings it back.
	private boolean isMerged(GrayRelease gray, Revision revision, Revision stable) {
		return history.isAncestor(revision, stable)
				&& history.find(gray.line()).filter((line) -> !history.isAncestor(revision, line)).isPresent();
	}

	/**
	 * Takes the gray revision back because somebody asks for it.
	 * @return what is released now
	 */
	Revision abandon(ReleaseState now, String author, @Nullable String message) {
		GrayRelease gray = required(now);
		return end(now, gray, EventKind.ABANDONED, author, (message != null) ? message : "Abandon " + gray.revision());
	}

	/** Takes the gray revision back if an instance refuses it that is to run it. */
	void takeBackIfRefused(InstanceReport report, Refused refused) {
		takeBack((gray) -> gray.revision().equals(refused.revision()) && gray.instances().contains(report.instance()),
				Decisions.refusal(report, refused));
	}

	/** Takes the gray revision back, if it is still the one that was judged. */
	void takeBackIfWorse(Verdict verdict) {
		takeBack(verdict.gray()::isSame, verdict.reason());
	}

	private void takeBack(Predicate<GrayRelease> meant, String reason) {
		ReleaseState now = board.state();
		GrayRelease gray = (now != null) ? now.gray() : null;
		if (now == null || gray == null || !meant.test(gray)) {
			return;
		}
		try {
			end(now, gray, EventKind.TAKEN_BACK, EventKind.SERVER, reason);
		}
		catch (RefusedRequestException ex) {
			// Somebody else may have been faster.
			ReleaseState present = board.state();
			if (present != null && present.gray() != null) {
				log.error("Gray revision " + present.gray().revision() + " cannot be taken back (" + ex.getMessage()
						+ "), though " + reason);
			}
		}
	}

	private Revision end(ReleaseState now, GrayRelease gray, EventKind kind, String author, String reason) {
		Revision stable = known(now.revision());
		// First of all the instances return; then the line follows.
		board.update((present) -> requireOut(gray, present).withGray(null,
				kind.event(clock, gray.revision(), author, reason)));
		log.warn("Revision " + gray.revision() + " is not gray any more, by " + author + ": " + reason);
		Revision ended = known(gray.revision());
		boolean isNewOnTheLine = history.isAncestor(ended, history.head()) && !history.isAncestor(ended, stable);
		return isNewOnTheLine ? takeOffTheLine(stable, author, "Take back " + gray.revision() + ": " + reason) : stable;
	}

	// Another server may have ended it, and begun another, in the meantime.
	private static ReleaseState requireOut(GrayRelease gray, @Nullable ReleaseState present) {
		if (present == null || present.gray() == null || !present.gray().revision().equals(gray.revision())) {
			throw RefusedRequestException.conflict("The gray release of " + gray.revision() + " has just ended.");
		}
		return present;
	}

	private Revision takeOffTheLine(Revision stable, String author, String reason) {
		Revision newest = history.head();
		// So that no server releases it, whether or not it can be taken off.
		board.update((present) -> (present == null || present.considered().equals(newest.id())) ? present
				: present.consider(newest.id()).log(EventKind.ABANDONED.event(clock, newest.id(), author, reason)));
		try {
			return rollbacks.restore(stable, EventKind.ROLLED_BACK, author, reason, UnaryOperator.identity());
		}
		catch (IOException ex) {
			log.warn("The newest revision still holds what was taken back, though no instance runs it: "
					+ ex.getMessage());
			return stable;
		}
	}

	private static GrayRelease required(ReleaseState state) {
		if (state.gray() == null) {
			throw RefusedRequestException.conflict("No gray release is out. ./dev config gray begins one.");
		}
		return state.gray();
	}

	private Revision known(String id) {
		return history.find(id).orElseThrow(() -> RefusedRequestException.noRevision(id));
	}

}
