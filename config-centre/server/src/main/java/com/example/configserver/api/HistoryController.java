package com.example.configserver.api;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.Difference;
import com.example.configserver.content.Difference.Change;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.configserver.release.Contents;
import com.example.configserver.release.Event;
import com.example.configserver.release.Fleet;
import com.example.configserver.release.ReleaseState;
import com.example.configserver.release.Releases;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows revisions: which there are, what they say and in what they differ.
 */
@RestController
@RequestMapping("/config")
final class HistoryController {

	private static final int MOST = 1000;

	private final History history;

	private final Contents contents;

	private final Releases releases;

	private final Fleet fleet;

	HistoryController(History history, Contents contents, Releases releases, Fleet fleet) {
		this.history = history;
		this.contents = contents;
		this.releases = releases;
		this.fleet = fleet;
	}

	@GetMapping("/history")
	RevisionList history(@RequestParam(defaultValue = "20") int limit) {
		return new RevisionList(
				history.revisions(Math.max(1, Math.min(MOST, limit))).stream().map(this::describe).toList(),
				history.unreadable());
	}

	// A branch may have slashes in its name.
	@GetMapping("/show/{first}/{*rest}")
	Shown show(@PathVariable String first, @PathVariable String rest, @RequestParam Optional<String> service) {
		return show(first + rest, service);
	}

	@GetMapping("/show/{revision}")
	Shown show(@PathVariable String revision, @RequestParam Optional<String> service) {
		Revision found = releases.revision(revision);
		Configuration configuration = contents.of(found).configuration();
		List<ShownFile> files = new ArrayList<>();
		if (configuration != null) {
			for (String file : configuration.files()) {
				if (service.isEmpty() || Configuration.concerns(file, service.get())) {
					files.add(new ShownFile(file, Objects.requireNonNull(configuration.text(file))));
				}
			}
		}
		return new Shown(describe(found), files);
	}

	@GetMapping("/diff")
	Differences diff(@RequestParam Optional<String> from, @RequestParam Optional<String> to,
			@RequestParam Optional<String> service) {
		Revision after = releases.revision(to.orElse("current"));
		Revision before = from.map(releases::revision).orElseGet(() -> before(after));
		Configuration old = releases.configuration(before);
		Configuration next = releases.configuration(after);
		List<String> services = service.map(List::of).orElseGet(() -> services(old, next));
		return new Differences(before.id(), after.id(), services.stream()
			.map((name) -> new ServiceChanges(name,
					Difference.ofService(old, next, name).stream().map((change) -> shown(name, change)).toList()))
			.filter((changes) -> service.isPresent() || !changes.changes.isEmpty())
			.toList());
	}

	private Revision before(Revision revision) {
		return releases.before(revision)
			.filter((earlier) -> contents.of(earlier).configuration() != null)
			.findFirst()
			.orElse(revision);
	}

	// "application" stands for a service that has no file of its own.
	private List<String> services(Configuration old, Configuration next) {
		Set<String> known = fleet.keys().keySet();
		Set<String> services = new LinkedHashSet<>(List.of("application"));
		services.addAll(next.services(known));
		services.addAll(old.services(known));
		return List.copyOf(services);
	}

	private ShownChange shown(String service, Change change) {
		List<ConfigKey> keys = fleet.keys().get(service);
		Boolean live = (keys != null) ? isLive(change.key()) : null;
		return new ShownChange(change.key(), change.before(), change.after(), change.file(), change.line(), live);
	}

	private @Nullable Boolean isLive(String key) {
		if (key.startsWith("logging.level.")) {
			return true;
		}
		ConfigKey found = fleet.catalogue().find(key);
		return (found != null) ? found.live() : null;
	}

	RevisionView describe(Revision revision) {
		ReleaseState state = releases.state();
		List<Problem> problems = problems(revision);
		Optional<Event> last = state.lastEvent(revision.id());
		return new RevisionView(revision.id(), revision.parent(), revision.author(), revision.time(),
				revision.message(), condition(revision, state, problems, last),
				problems.isEmpty() ? last.filter(HistoryController::isSetback).map(Event::message).orElse(null) : null,
				problems);
	}

	// One that cannot be read must not hide the others.
	private List<Problem> problems(Revision revision) {
		try {
			return releases.problems(revision);
		}
		catch (UncheckedIOException ex) {
			return List.of(new Problem(null, null, null, "cannot be read: " + ex.getCause()));
		}
	}

	private static boolean isSetback(Event event) {
		return switch (event.kind()) {
			case ABANDONED, TAKEN_BACK, REFUSED_BY_SERVICE, REFUSED -> true;
			default -> false;
		};
	}

	private static Condition condition(Revision revision, ReleaseState state, List<Problem> problems,
			Optional<Event> last) {
		if (revision.id().equals(state.revision())) {
			return Condition.CURRENT;
		}
		if (state.gray() != null && revision.id().equals(state.gray().revision())) {
			return Condition.GRAY;
		}
		if (state.released().contains(revision.id())) {
			return Condition.RELEASED;
		}
		if (!problems.isEmpty()) {
			return Condition.REFUSED;
		}
		return last.map((event) -> switch (event.kind()) {
			case ABANDONED, TAKEN_BACK -> Condition.ABANDONED;
			case REFUSED -> Condition.REFUSED;
			default -> Condition.UNKNOWN;
		}).orElse(Condition.UNKNOWN);
	}

	/** What became of a revision. */
	enum Condition {

		CURRENT, GRAY, RELEASED, REFUSED, ABANDONED,

		/** It was not released, since a later one came with it, or too long ago. */
		UNKNOWN

	}

	record RevisionList(List<RevisionView> revisions, List<String> unreadable) {
	}

	record RevisionView(String id, @Nullable String parent, String author, Instant time, String message,
			Condition state, @Nullable String reason, List<Problem> problems) {
	}

	record Shown(RevisionView revision, List<ShownFile> files) {
	}

	record ShownFile(String name, String text) {
	}

	record Differences(String from, String to, List<ServiceChanges> services) {
	}

	record ServiceChanges(String service, List<ShownChange> changes) {
	}

	record ShownChange(String key, @Nullable String before, @Nullable String after, String file, @Nullable Integer line,
			@Nullable Boolean live) {
	}

}
