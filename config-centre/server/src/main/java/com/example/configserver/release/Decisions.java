package com.example.configserver.release;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.example.configserver.history.Revision;
import com.example.configserver.release.gray.GrayRelease;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.Refused;
import com.example.platform.configprotocol.Problem;
import com.example.platform.configprotocol.api.Overview.Event;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is released: of the present state and some facts it makes the next state.
 * It knows no thread, no Consul and no repository.
 */
final class Decisions {

	private static final Log log = LogFactory.getLog(Decisions.class);

	private final Facts facts;

	private final Receivers receivers;

	private final Clock clock;

	Decisions(Facts facts, Receivers receivers, Clock clock) {
		this.facts = facts;
		this.receivers = receivers;
		this.clock = clock;
	}

	/**
	 * Decides upon the newest revision of the line.
	 * @param present the present state; {@code null} before the first release
	 * @return the next state, the present one when that was decided before; {@code null}
	 * when nothing can be released yet
	 */
	@Nullable ReleaseState decide(Revision head, @Nullable ReleaseState present) {
		if (present == null) {
			return first(head);
		}
		if (present.considered().equals(head.id())) {
			return present;
		}
		if (!facts.isKnown(present.revision())) {
			// The history was lost, or belongs to another repository now.
			ReleaseState first = first(head);
			if (first != null) {
				return first;
			}
		}
		ReleaseState considered = present.consider(head.id());
		List<Problem> problems = facts.check(head, present.revision());
		if (!problems.isEmpty()) {
			facts.refuse(head, problems);
			return considered.log(event(EventKind.REFUSED, head, problems.get(0).toString()));
		}
		return release(head, considered);
	}

	/**
	 * Decides once more upon a revision that was refused: what was unknown then may be
	 * known now.
	 * @return the present state when nothing has changed
	 */
	@Nullable ReleaseState decideAgain(Revision head, @Nullable ReleaseState present) {
		return (present == null || !present.considered().equals(head.id()) || !present.isRefused(head.id())
				|| !facts.check(head, present.revision()).isEmpty()) ? present : release(head, present);
	}

	private @Nullable ReleaseState first(Revision head) {
		Event refusal = null;
		for (Revision revision : facts.revisions()) {
			List<Problem> problems = facts.check(revision, null);
			if (problems.isEmpty()) {
				log.info("Revision " + revision.id() + " is released: " + revision.message());
				ReleaseState first = ReleaseState.first(revision.id(), head.id(),
						event(EventKind.RELEASED, revision, revision.message()));
				return (refusal != null) ? first.log(refusal) : first;
			}
			facts.refuse(revision, problems);
			if (revision.equals(head)) {
				refusal = event(EventKind.REFUSED, head, problems.get(0).toString());
			}
		}
		return null;
	}

	private ReleaseState release(Revision head, ReleaseState considered) {
		GrayRelease gray = considered.gray();
		if (gray != null && gray.followsLine()) {
			Set<String> chosen = receivers.of(gray, considered.revision(), head.id());
			log.info("Revision " + head.id() + " is gray, for " + chosen + ": " + head.message());
			return considered.withGray(gray.withRevision(head.id(), chosen, clock.instant()),
					event(EventKind.GRAY, head, head.message()));
		}
		log.info("Revision " + head.id() + " is released: " + head.message());
		return considered.release(head.id(), gray, event(EventKind.RELEASED, head, head.message()));
	}

	/**
	 * Notes that an instance refuses the released revision: instances of its service that
	 * start later get what it runs.
	 */
	@Nullable ReleaseState noteRefusal(InstanceReport report, @Nullable ReleaseState present) {
		Refused refused = report.refused();
		if (refused == null || present == null || !present.revision().equals(refused.revision())
				|| refused.revision().equals(present.refusedBy().get(report.service()))) {
			return present;
		}
		return present.refuse(report.service(), report.revision(), EventKind.REFUSED_BY_SERVICE.event(clock,
				refused.revision(), EventKind.SERVER, refusal(report, refused)));
	}

	static String refusal(InstanceReport report, Refused refused) {
		return report.instance() + " refuses it"
				+ (refused.problems().isEmpty() ? "" : ": " + refused.problems().get(0));
	}

	/**
	 * Forgets the refusal of services whose instances run the released revision now: a
	 * newer version of a service may take what an older one has refused.
	 */
	static @Nullable ReleaseState forgive(List<InstanceReport> reports, @Nullable ReleaseState present) {
		return (present == null) ? null : present.accept(present.goodFor().keySet().stream().filter((service) -> {
			List<InstanceReport> own = reports.stream().filter((report) -> report.service().equals(service)).toList();
			return own.stream().anyMatch((report) -> report.revision().equals(present.revision()))
					&& own.stream().noneMatch((report) -> refuses(report, present.revision()));
		}).collect(Collectors.toSet()));
	}

	private static boolean refuses(InstanceReport report, String revision) {
		return report.refused() != null && report.refused().revision().equals(revision);
	}

	/** Chooses instances that have come up and belong to the gray release. */
	@Nullable ReleaseState chooseMore(@Nullable ReleaseState present) {
		GrayRelease gray = (present != null) ? present.grayOnTrial() : null;
		if (present == null || gray == null) {
			return present;
		}
		Set<String> chosen = receivers.of(gray, present.revision(), gray.revision());
		return chosen.equals(gray.instances()) ? present : present.withGray(gray.withInstances(chosen));
	}

	private Event event(EventKind kind, Revision revision, String message) {
		return kind.event(clock, revision.id(), revision.author(), message);
	}

	/** What decisions rest upon. */
	interface Facts {

		/**
		 * Checks a revision.
		 * @param released the revision that it would replace; {@code null} for none
		 * @return what is wrong with it; empty when it can be released
		 */
		List<Problem> check(Revision revision, @Nullable String released);

		/** Hears that a revision is refused. */
		void refuse(Revision revision, List<Problem> problems);

		/** Tells whether the history has a revision. */
		boolean isKnown(String id);

		/** Returns the revisions of the line, newest first. */
		List<Revision> revisions();

	}

	/** Chooses the instances that are to run a gray revision instead of another one. */
	interface Receivers {

		Set<String> of(GrayRelease gray, String before, String after);

	}

}
