package com.example.configserver.release;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.configserver.release.Event.Kind;
import com.example.configserver.release.Fleet.Member;
import com.example.platform.configprotocol.InstanceReport;
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

	private final Supplier<ReleaseState> state;

	private final Fleet fleet;

	private final Checks checks;

	private final Restorer restorer;

	private final Clock clock;

	/**
	 * Creates gray releases.
	 * @param state gives the present state, or throws where there is none yet
	 */
	GrayReleases(History history, ReleaseBoard board, Supplier<ReleaseState> state, Fleet fleet, Checks checks,
			Restorer restorer, Clock clock) {
		this.history = history;
		this.board = board;
		this.state = state;
		this.fleet = fleet;
		this.checks = checks;
		this.restorer = restorer;
		this.clock = clock;
	}

	/**
	 * Begins a gray release.
	 * @param revision the revision; {@code null} for those that the line gets from now on
	 */
	GrayRelease begin(@Nullable Revision revision, @Nullable Integer percent, Map<String, String> labels, String author,
			@Nullable String message) {
		ReleaseState present = state.get();
		if (present.gray() != null) {
			throw RefusedRequestException.conflict("A gray release of revision " + present.gray().revision()
					+ " is out. Promote or abandon it first.");
		}
		GrayRelease gray = new GrayRelease(present.revision(), Set.of(), percent, labels, revision == null,
				present.considered(), author, (message != null) ? message : "", clock.instant());
		if (revision == null) {
			requireReceivers(gray, fleet.members());
			return begin(gray, event(Kind.GRAY, present.revision(), author, "New revisions are gray from now on"));
		}
		checks.requireReleasable(revision);
		Set<String> services = checks.concerned(present.revision(), revision.id());
		if (services.isEmpty()) {
			throw RefusedRequestException.conflict("Revision " + revision.id()
					+ " says nothing new to any running service. Roll back, or save a change, instead.");
		}
		Set<String> chosen = requireReceivers(gray,
				fleet.members().stream().filter((member) -> services.contains(member.service())).toList());
		GrayRelease published = gray.withRevision(revision.id(), chosen, clock.instant());
		return begin(published, event(Kind.GRAY, revision.id(), author,
				published.message().isEmpty() ? revision.message() : published.message()));
	}

	private GrayRelease begin(GrayRelease gray, Event event) {
		board.update((present) -> {
			if (present != null && present.gray() != null) {
				throw RefusedRequestException.conflict("Somebody else has just begun a gray release.");
			}
			return (present == null) ? null : present.withGray(gray, event);
		});
		return gray;
	}

	private static Set<String> requireReceivers(GrayRelease gray, List<Member> members) {
		Set<String> chosen = GrayChoice.of(gray, members.stream().map(Member::service).collect(Collectors.toSet()),
				members);
		if (chosen.isEmpty()) {
			throw RefusedRequestException.conflict("No running instance that it concerns "
					+ (gray.labels().isEmpty() ? "is there" : "has " + gray.labels())
					+ ". ./dev config status lists the instances.");
		}
		return chosen;
	}

	/**
	 * Releases the gray revision to all instances.
	 * @return what is released now
	 */
	Revision promote(String author, @Nullable String message) throws IOException {
		GrayRelease gray = required();
		Revision revision = known(gray.revision());
		String reason = (message != null) ? message : "Promote " + revision.id();
		Event promoted = event(Kind.PROMOTED, gray.revision(), author, reason);
		Revision stable = known(state.get().revision());
		if (isMerged(gray, revision, stable)) {
			board.update((present) -> end(gray, present).withGray(null, promoted));
			return stable;
		}
		if (gray.followsLine()) {
			board.update((present) -> end(gray, present).release(gray.revision(), null, promoted));
			return revision;
		}
		if (!gray.line().equals(history.head().id())) {
			throw RefusedRequestException.conflict("The line has moved on to " + history.head().id() + " since "
					+ gray.revision() + " became gray, and promoting it would undo that. Bring both together in"
					+ " one revision, and try that.");
		}
		try {
			// The gray instances stay on it until it is on the line.
			return restorer.restore(revision, Kind.PROMOTED, author, reason, (present) -> end(gray, present));
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
	Revision abandon(String author, @Nullable String message) {
		GrayRelease gray = required();
		return end(gray, Kind.ABANDONED, author, (message != null) ? message : "Abandon " + gray.revision());
	}

	/**
	 * Takes the gray revision back if an instance refuses it that is to run it.
	 */
	void hear(InstanceReport report, InstanceReport.Refused refused) {
		ReleaseState present = board.state();
		if (present != null && present.gray() != null && present.gray().revision().equals(refused.revision())
				&& present.gray().instances().contains(report.instance())) {
			takeBack(report.instance() + " refuses it" + Decisions.reason(refused));
		}
	}

	/**
	 * Takes the gray revision back, if it is still the one that was judged.
	 */
	void hear(GrayWatch.Verdict verdict) {
		ReleaseState present = board.state();
		if (present != null && present.gray() != null && GrayWatch.isSame(present.gray(), verdict.gray())) {
			takeBack(verdict.reason());
		}
	}

	private void takeBack(String reason) {
		try {
			end(required(), Kind.TAKEN_BACK, Event.SERVER, reason);
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

	private Revision end(GrayRelease gray, Kind kind, String author, String reason) {
		Revision stable = known(state.get().revision());
		// First of all the instances return; then the line follows.
		board.update((present) -> end(gray, present).withGray(null, event(kind, gray.revision(), author, reason)));
		log.warn("Revision " + gray.revision() + " is not gray any more, by " + author + ": " + reason);
		Revision ended = known(gray.revision());
		boolean isNewOnTheLine = history.isAncestor(ended, history.head()) && !history.isAncestor(ended, stable);
		return isNewOnTheLine ? takeOffTheLine(stable, author, "Take back " + gray.revision() + ": " + reason) : stable;
	}

	// Another server may have ended it, and begun another, in the meantime.
	private static ReleaseState end(GrayRelease gray, @Nullable ReleaseState present) {
		if (present == null || present.gray() == null || !present.gray().revision().equals(gray.revision())) {
			throw RefusedRequestException.conflict("The gray release of " + gray.revision() + " has just ended.");
		}
		return present;
	}

	private Revision takeOffTheLine(Revision stable, String author, String reason) {
		Revision newest = history.head();
		// So that no server releases it, whether or not it can be taken off.
		board.update((present) -> (present == null || present.considered().equals(newest.id())) ? present
				: present.consider(newest.id()).log(event(Kind.ABANDONED, newest.id(), author, reason)));
		try {
			return restorer.restore(stable, Kind.ROLLED_BACK, author, reason, UnaryOperator.identity());
		}
		catch (IOException ex) {
			log.warn("The newest revision still holds what was taken back, though no instance runs it: "
					+ ex.getMessage());
			return stable;
		}
	}

	private GrayRelease required() {
		GrayRelease gray = state.get().gray();
		if (gray == null) {
			throw RefusedRequestException.conflict("No gray release is out. ./dev config gray begins one.");
		}
		return gray;
	}

	private Revision known(String id) {
		return history.find(id).orElseThrow(() -> Releases.unknown(id));
	}

	private Event event(Kind kind, String revision, String author, String message) {
		return new Event(clock.instant(), kind, revision, author, message);
	}

}
