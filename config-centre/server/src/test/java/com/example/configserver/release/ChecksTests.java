package com.example.configserver.release;

import java.time.Clock;
import java.util.List;

import com.example.configserver.content.Secrets;
import com.example.configserver.history.Revision;
import com.example.configserver.release.RefusedRequestException.Reason;
import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.Problem;
import com.example.platform.configprotocol.api.Overview.Event;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ChecksTests {

	private final MemoryHistory history = new MemoryHistory();

	private KeyCatalogue catalogue = KeyCatalogue.of(List.of(), List.of());

	private final Checks checks = new Checks(history, new ParsedRevisions(history), () -> catalogue, Secrets.none());

	private final Revision good = history.commit("good", "limits.size: 1\n");

	private final Revision unreadable = history.commit("unreadable", "limits: [\n");

	@Test
	void whatCannotBeReadIsRefusedWithFileAndLine() {
		assertThat(checks.check(good, null)).isEmpty();
		assertThat(checks.check(unreadable, "good")).singleElement()
			.extracting(Problem::file, Problem::line)
			.containsExactly("deli.yml", 2);
		assertThatExceptionOfType(RefusedRequestException.class).isThrownBy(() -> checks.requireReleasable(unreadable))
			.withMessageContaining("refused itself")
			.matches((ex) -> ex.reason() == Reason.CONFLICT);
	}

	@Test
	void whatServicesHaveLearntCountsFromThenOn() {
		Revision next = history.commit("next", "limits.size: many\n");
		assertThat(checks.check(next, "good")).isEmpty();
		catalogue = KeyCatalogue.of(List.of(new ConfigKey("limits.size", "java.lang.Integer", null, true, null)),
				List.of());
		assertThat(checks.check(next, "good")).singleElement().extracting(Problem::key).isEqualTo("limits.size");
	}

	@Test
	void whyARevisionIsRefusedIsRememberedAndOtherwiseFoundOutAgain() {
		ReleaseState state = ReleaseState.first("good", "good", event(EventKind.RELEASED, good));
		assertThat(checks.problems(good, state)).isEmpty();
		assertThat(checks.problems(unreadable, state)).hasSize(1);
		ReleaseState refused = state.log(event(EventKind.REFUSED, good));
		assertThat(checks.problems(good, refused)).as("by another server, which knew less").isEmpty();
		Problem problem = new Problem(null, null, null, "known");
		checks.refuse(good, List.of(problem));
		assertThat(checks.refusals(good)).containsExactly(problem);
		assertThat(checks.problems(good, refused)).containsExactly(problem);
		checks.forgetRefusal(good);
		assertThat(checks.refusals(good)).isEmpty();
	}

	private static Event event(EventKind kind, Revision revision) {
		return kind.event(Clock.systemUTC(), revision.id(), "ada", "");
	}

}
