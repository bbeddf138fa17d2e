package com.example.configserver.api;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import com.example.configserver.content.Configuration;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.configserver.release.ParsedRevisions;
import com.example.configserver.release.Releases;
import com.example.configserver.release.fleet.Fleet;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.api.Contents;
import com.example.platform.configprotocol.api.Contents.File;
import com.example.platform.configprotocol.api.Difference;
import com.example.platform.configprotocol.api.Difference.Change;
import com.example.platform.configprotocol.api.Difference.OfService;
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

	private final ParsedRevisions parsed;

	private final Releases releases;

	private final Fleet fleet;

	private final Documents documents;

	HistoryController(History history, ParsedRevisions parsed, Releases releases, Fleet fleet, Documents documents) {
		this.history = history;
		this.parsed = parsed;
		this.releases = releases;
		this.fleet = fleet;
		this.documents = documents;
	}

	@GetMapping("/history")
	com.example.platform.configprotocol.api.History history(@RequestParam(defaultValue = "20") int limit) {
		List<Revision> newest = history.revisions(Math.max(1, Math.min(MOST, limit)));
		return new com.example.platform.configprotocol.api.History(newest.stream().map(documents::revision).toList(),
				history.unreadable());
	}

	// A branch may have slashes in its name.
	@GetMapping("/show/{first}/{*rest}")
	Contents show(@PathVariable String first, @PathVariable String rest, @RequestParam Optional<String> service) {
		return show(first + rest, service);
	}

	@GetMapping("/show/{revision}")
	Contents show(@PathVariable String revision, @RequestParam Optional<String> service) {
		Revision found = releases.revision(revision);
		Configuration configuration = parsed.of(found).configuration();
		return new Contents(documents.revision(found),
				(configuration == null) ? List.of()
						: configuration.files()
							.stream()
							.filter((file) -> service.isEmpty() || Configuration.concerns(file, service.get()))
							.map((file) -> new File(file, Objects.requireNonNull(configuration.text(file))))
							.toList());
	}

	@GetMapping("/diff")
	Difference diff(@RequestParam Optional<String> from, @RequestParam Optional<String> to,
			@RequestParam Optional<String> service) {
		Revision after = releases.revision(to.orElse("current"));
		Revision before = from.map(releases::revision).orElseGet(() -> before(after));
		Configuration old = parsed.configuration(before);
		Configuration next = parsed.configuration(after);
		return new Difference(before.id(), after.id(),
				service.map(Set::of)
					.orElseGet(() -> services(old, next))
					.stream()
					.map((name) -> new OfService(name, changes(old, next, name)))
					.filter((changes) -> service.isPresent() || !changes.changes().isEmpty())
					.toList());
	}

	private Revision before(Revision revision) {
		return releases.before(revision)
			.filter((earlier) -> parsed.of(earlier).configuration() != null)
			.findFirst()
			.orElse(revision);
	}

	// "application" stands for a service that has no file of its own.
	private Set<String> services(Configuration old, Configuration next) {
		Set<String> known = fleet.keys().keySet();
		Set<String> services = new LinkedHashSet<>(Set.of("application"));
		services.addAll(next.services(known));
		services.addAll(old.services(known));
		return services;
	}

	private List<Change> changes(Configuration old, Configuration next, String service) {
		boolean known = fleet.keys().containsKey(service);
		return com.example.configserver.content.Difference.ofService(old, next, service)
			.stream()
			.map((change) -> new Change(change.key(), change.before(), change.after(), change.file(), change.line(),
					known ? isLive(change.key()) : null))
			.toList();
	}

	private @Nullable Boolean isLive(String key) {
		if (key.startsWith("logging.level.")) {
			return true;
		}
		ConfigKey found = fleet.catalogue().find(key);
		return (found != null) ? found.live() : null;
	}

}
