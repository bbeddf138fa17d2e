package com.example.configserver.release;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.example.configserver.history.Revision;
import com.example.configserver.release.Event.Kind;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.Problem;
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

	private final Clock clock;

	Decisions(Facts facts, Clock clock) {
		this.facts = facts;
		this.clock = clock;
	}

	/**
	 * Decides upon the newest revision of the line.
	 * @param present the present state; {@code null} before the first release
	 * @return the next state, the present one when that was decided before; {@code null}
	 * when nothing can be released yet
	 */
	@Nullable ReleaseState upon(Revision head, @Nullable ReleaseState present) {
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
			return considered.log(event(Kind.REFUSED, head, problems.get(0).toString()));
		}
		return release(head, considered);
	}

	/**
	 * Decides once more upon a revision that was refused: what was unknown then may be
	 * known now.
	 * @return the present state when nothing has changed
	 */
	@Nullable ReleaseState again(Revision head, @Nullable ReleaseState present) {
		boolean stands = present == null || !present.considered().equals(head.id()) || !Checks.isRefused(head, present)
				|| !facts.check(head, present.revision()).isEmpty();
		return (present == null || stands) ? present : release(head, present);
	}

	private @Nullable ReleaseState first(Revision head) {
		Event refusal = null;
		for (Revision revision : facts.revisions()) {
			List<Problem> problems = facts.check(revision, null);
			if (problems.isEmpty()) {
				log.info("Revision " + revision.id() + " is released: " + revision.message());
				ReleaseState first = ReleaseState.first(revision.id(), head.id(),
						event(Kind.RELEASED, revision, revision.message()));
				return (refusal != null) ? first.log(refusal) : first;
			}
			facts.refuse(revision, problems);
			if (revision.equals(head)) {
				refusal = event(Kind.REFUSED, head, problems.get(0).toString());
			}
		}
		return null;
	}

	private ReleaseState release(Revision head, ReleaseState considered) {
		GrayRelease gray = considered.gray();
		if (gray != null && gray.followsLine()) {
			Set<String> chosen = facts.receivers(gray, considered.revision(), head.id());
			log.info("Revision " + head.id() + " is gray, for " + chosen + ": " + head.message());
			return considered.withGray(gray.withRevision(head.id(), chosen, clock.instant()),
					event(Kind.GRAY, head, head.message()));
		}
		log.info("Revision " + head.id() + " is released: " + head.message());
		return considered.release(head.id(), gray, event(Kind.RELEASED, head, head.message()));
	}

	/**
	 * Hears that an instance refuses a revision: if that is the released one, its service
	 * stays on what the instance runs.
	 */
	@Nullable ReleaseState hear(InstanceReport report, @Nullable ReleaseState present) {
		InstanceReport.Refused refused = report.refused();
		if (refused == null || present == null || !present.revision().equals(refused.revision())
				|| refused.revision().equals(present.refusedBy().get(report.service()))) {
			return present;
		}
		return present.refuse(report.service(), report.revision(), new Event(clock.instant(), Kind.REFUSED_BY_SERVICE,
				refused.revision(), Event.SERVER, report.instance() + " refuses it" + reason(refused)));
	}

	static String reason(InstanceReport.Refused refused) {
		return refused.problems().isEmpty() ? "" : ": " + refused.problems().get(0);
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

	/**
	 * Chooses instances that have come up and belong to the gray release.
	 */
	@Nullable ReleaseState chooseMore(@Nullable ReleaseState present) {
		GrayRelease gray = (present != null) ? present.gray() : null;
		if (present == null || gray == null || gray.revision().equals(present.revision())) {
			return present;
		}
		Set<String> chosen = facts.receivers(gray, present.revision(), gray.revision());
		return chosen.equals(gray.instances()) ? present : present.withGrayInstances(gray.withInstances(chosen));
	}

	private Event event(Kind kind, Revision revision, String message) {
		return new Event(clock.instant(), kind, revision.id(), revision.author(), message);
	}

	/**
	 * What decisions rest upon.
	 */
	interface Facts {

		/**
		 * Checks a revision.
		 * @param released the revision that it would replace; {@code null} for none
		 * @return what is wrong with it; empty when it can be released
		 */
		List<Problem> check(Revision revision, @Nullable String released);

		/**
		 * Hears that a revision is refused.
		 */
		void refuse(Revision revision, List<Problem> problems);

		/**
		 * Tells whether the history has a revision.
		 */
		boolean isKnown(String id);

		/**
		 * Returns the revisions of the line, newest first.
		 */
		List<Revision> revisions();

		/**
		 * Returns the instances that are to run a gray revision.
		 * @param before the revision that it would replace
		 */
		Set<String> receivers(GrayRelease gray, String before, String after);

	}

}
