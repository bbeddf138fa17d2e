package com.example.configserver.release;

import java.time.Clock;
import java.util.List;
import java.util.Objects;

import com.example.configserver.history.Revision;
import com.example.configserver.release.fleet.Fleet;
import com.example.configserver.release.gray.GrayWatch;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.Refused;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the release in step with the line of revisions and with what the instances tell,
 * unasked. Confined to the decision thread.
 */
final class Reconciler {

	static final String CONSIDERING = "Deciding upon the newest revision";

	private final DecisionThread thread;

	private final Line line;

	private final Lag lag;

	private final ReleaseBoard board;

	private final Decisions decisions;

	private final Checks checks;

	private final Fleet fleet;

	private final GrayReleases grayReleases;

	private final GrayWatch grayWatch;

	private final Clock clock;

	// The newest revision that this server knows to be decided upon.
	private @Nullable String decided;

	Reconciler(DecisionThread thread, Line line, Lag lag, ReleaseBoard board, Decisions decisions, Checks checks,
			Fleet fleet, GrayReleases grayReleases, GrayWatch grayWatch, Clock clock) {
		this.thread = thread;
		this.line = line;
		this.lag = lag;
		this.board = board;
		this.decisions = decisions;
		this.checks = checks;
		this.fleet = fleet;
		this.grayReleases = grayReleases;
		this.grayWatch = grayWatch;
		this.clock = clock;
	}

	/** Considers the newest revision soon. May be called by any thread. */
	void considerLater() {
		thread.later(CONSIDERING, this::consider);
	}

	/** Looks at the newest revision of the line, unless that was done before. */
	void consider() {
		if (board.flush(this::considerLater)) {
			decided = null;
		}
		Revision newest = line.head();
		if (newest == null || newest.id().equals(decided)) {
			return;
		}
		ReleaseState known = board.latest();
		// A server that does not have yet what another has decided upon must not go back.
		if (known != null && lag.isBehind(newest, known, this::considerLater)) {
			return;
		}
		// Unless somebody has decided upon anything since this server has looked.
		ReleaseState next = board.update((present) -> Objects.equals(considered(known), considered(present))
				? decisions.decide(newest, present) : present);
		if (next == null || next.considered().equals(newest.id())) {
			decided = newest.id();
		}
		// What the gray instances have answered until now does not count.
		watchGray();
	}

	private static @Nullable String considered(@Nullable ReleaseState state) {
		return (state != null) ? state.considered() : null;
	}

	/** A key may have been unknown for no other reason than that its service is new. */
	void considerAgain() {
		Revision newest = line.head();
		if (newest != null) {
			ReleaseState next = board.update((present) -> decisions.decideAgain(newest, present));
			if (next != null && !next.isRefused(newest.id())) {
				checks.forgetRefusal(newest);
			}
		}
	}

	/** Hears which instances refuse what they are to run. */
	void hearTheFleet() {
		List<InstanceReport> reports = fleet.reports();
		for (InstanceReport report : reports) {
			Refused refused = report.refused();
			if (refused != null) {
				board.update((present) -> decisions.noteRefusal(report, present));
				grayReleases.takeBackIfRefused(report, refused);
			}
		}
		board.update((present) -> Decisions.forgive(reports, present));
		board.update(decisions::chooseMore);
		// It counts from when an instance runs the revision.
		watchGray();
	}

	/** Does what time alone asks for. */
	void tend() {
		consider();
		board.update(decisions::chooseMore);
		watchGray();
		fleet.forget(clock.instant());
	}

	void watchGray() {
		ReleaseState state = board.state();
		grayWatch.look((state != null) ? state.grayOnTrial() : null,
				(judge) -> thread.later("Judging the gray release", judge), grayReleases::takeBackIfWorse);
	}

}
