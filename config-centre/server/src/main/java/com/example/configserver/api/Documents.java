package com.example.configserver.api;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.example.configserver.release.EventKind;
import com.example.configserver.release.ReleaseState;
import com.example.configserver.release.Releases;
import com.example.configserver.release.fleet.Member;
import com.example.configserver.release.gray.GrayWatch;
import com.example.configserver.release.gray.Traffic;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.Problem;
import com.example.platform.configprotocol.api.GrayRelease;
import com.example.platform.configprotocol.api.GrayRelease.Comparison;
import com.example.platform.configprotocol.api.GrayRelease.Side;
import com.example.platform.configprotocol.api.Overview.Event;
import com.example.platform.configprotocol.api.Overview.Instance;
import com.example.platform.configprotocol.api.Revision;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Makes the API's documents of what the server knows.
 */
@Component
final class Documents {

	private final Releases releases;

	Documents(Releases releases) {
		this.releases = releases;
	}

	Revision revision(com.example.configserver.history.Revision revision) {
		ReleaseState state = releases.state();
		List<Problem> problems = problems(revision);
		Optional<Event> last = state.lastEvent(revision.id());
		String reason = problems.isEmpty() ? last.filter(EventKind::isSetback).map(Event::message).orElse(null) : null;
		return new Revision(revision.id(), revision.parent(), revision.author(), revision.time(), revision.message(),
				condition(revision.id(), state, problems, last), reason, problems);
	}

	// One that cannot be read must not hide the others.
	private List<Problem> problems(com.example.configserver.history.Revision revision) {
		try {
			return releases.problems(revision);
		}
		catch (UncheckedIOException ex) {
			return List.of(new Problem(null, null, null, "cannot be read: " + ex.getCause()));
		}
	}

	private static String condition(String id, ReleaseState state, List<Problem> problems, Optional<Event> last) {
		if (id.equals(state.revision())) {
			return "CURRENT";
		}
		if (state.gray() != null && id.equals(state.gray().revision())) {
			return "GRAY";
		}
		if (state.released().contains(id)) {
			return "RELEASED";
		}
		if (!problems.isEmpty() || last.filter(EventKind.REFUSED::is).isPresent()) {
			return "REFUSED";
		}
		// Of the others a later one came with it, or it is too long ago.
		return last.filter((event) -> EventKind.ABANDONED.is(event) || EventKind.TAKEN_BACK.is(event)).isPresent()
				? "ABANDONED" : "UNKNOWN";
	}

	GrayRelease gray(com.example.configserver.release.gray.GrayRelease gray) {
		GrayWatch.Comparison comparison = releases.comparison();
		return new GrayRelease(gray.revision().equals(releases.state().revision()) ? null : gray.revision(),
				gray.author(), gray.message(), gray.since(), gray.percent(), gray.labels(),
				List.copyOf(gray.instances()),
				(comparison != null) ? new Comparison(side(comparison.gray()), side(comparison.others())) : null);
	}

	private static Side side(Traffic traffic) {
		return new Side(Math.round(traffic.requests()), traffic.errorRate(), traffic.p99Millis());
	}

	static Instance instance(Member member, @Nullable GrayRelease gray) {
		InstanceReport report = member.report();
		return new Instance(report.service(), report.instance(), report.revision(),
				gray != null && gray.instances().contains(report.instance()),
				report.source().name().toLowerCase(Locale.ROOT), report.since(), report.refused(), report.pending());
	}

}
