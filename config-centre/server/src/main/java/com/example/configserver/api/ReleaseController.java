package com.example.configserver.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.example.configserver.content.Secrets;
import com.example.configserver.history.History;
import com.example.configserver.release.RefusedRequestException;
import com.example.configserver.release.ReleaseState;
import com.example.configserver.release.Releases;
import com.example.configserver.release.fleet.Fleet;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.api.GrayRelease;
import com.example.platform.configprotocol.api.Keys;
import com.example.platform.configprotocol.api.Overview;
import com.example.platform.configprotocol.api.Revision;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Shows what is released to which instance, and changes it.
 */
@RestController
@RequestMapping("/config")
final class ReleaseController {

	private final History history;

	private final Releases releases;

	private final Fleet fleet;

	private final Secrets secrets;

	private final Documents documents;

	ReleaseController(History history, Releases releases, Fleet fleet, Secrets secrets, Documents documents) {
		this.history = history;
		this.releases = releases;
		this.fleet = fleet;
		this.secrets = secrets;
		this.documents = documents;
	}

	@GetMapping("/status")
	Overview status() {
		ReleaseState state = releases.state();
		GrayRelease gray = (state.gray() != null) ? documents.gray(state.gray()) : null;
		return new Overview(state.revision(), gray, releases.head().id(), history.drift(), history.unreadable(),
				fleet.members().stream().map((member) -> Documents.instance(member, gray)).toList(), state.events());
	}

	@GetMapping("/keys")
	Keys keys(@RequestParam(required = false) @Nullable String service) {
		Map<String, ConfigKey> keys = new TreeMap<>();
		Map<String, Set<String>> services = new TreeMap<>();
		fleet.keys().forEach((name, obeyed) -> {
			if (service == null || service.equals(name)) {
				obeyed.forEach((key) -> {
					keys.putIfAbsent(key.name(), key);
					services.computeIfAbsent(key.name(), (absent) -> new TreeSet<>()).add(name);
				});
			}
		});
		return new Keys(keys.values()
			.stream()
			.map((key) -> new Keys.Key(key.name(), key.type(), key.defaultValue(), key.live(), key.description(),
					List.copyOf(services.getOrDefault(key.name(), Set.of()))))
			.toList());
	}

	@PostMapping("/rollback")
	Done rollback(@Valid @RequestBody Rollback request) {
		return new Done(documents.revision(releases.rollback(request.revision, request.author, request.message)));
	}

	@PostMapping("/gray")
	GrayRelease gray(@Valid @RequestBody Gray request) {
		Map<String, String> labels = Objects.requireNonNullElse(request.labels, Map.of());
		if ((request.percent == null) == labels.isEmpty()) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"Choose the instances by percent, or by labels: zone, version, instance.");
		}
		return documents
			.gray(releases.gray(request.revision, request.percent, labels, request.author, request.message));
	}

	@PostMapping("/promote")
	Done promote(@Valid @RequestBody Reason reason) {
		return new Done(documents.revision(releases.promote(reason.author, reason.message)));
	}

	@PostMapping("/abandon")
	Done abandon(@Valid @RequestBody Reason reason) {
		return new Done(documents.revision(releases.abandon(reason.author, reason.message)));
	}

	@PostMapping(path = "/encrypt", consumes = MediaType.TEXT_PLAIN_VALUE, produces = MediaType.TEXT_PLAIN_VALUE)
	String encrypt(@RequestBody String text) {
		try {
			return secrets.encrypt(text);
		}
		catch (IllegalStateException ex) {
			throw RefusedRequestException.unavailable(String.valueOf(ex.getMessage()));
		}
	}

	/** What a repository's host calls after a push. */
	@PostMapping("/webhook")
	void webhook() {
		history.hint();
	}

	record Rollback(@Nullable String revision, @NotBlank @Size(max = 100) String author,
			@Nullable @Size(max = 500) String message) {
	}

	record Reason(@NotBlank @Size(max = 100) String author, @Nullable @Size(max = 500) String message) {
	}

	record Gray(@Nullable String revision, @Nullable @Min(1) @Max(100) Integer percent,
			@Nullable Map<@Pattern(regexp = "zone|version|instance") String, @NotBlank String> labels,
			@NotBlank @Size(max = 100) String author, @Nullable @Size(max = 500) String message) {
	}

	record Done(Revision revision) {
	}

}
