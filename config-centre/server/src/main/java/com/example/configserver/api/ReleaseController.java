package com.example.configserver.api;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.example.configserver.api.HistoryController.RevisionView;
import com.example.configserver.content.Secrets;
import com.example.configserver.history.History;
import com.example.configserver.release.Comparison;
import com.example.configserver.release.Event;
import com.example.configserver.release.Fleet;
import com.example.configserver.release.Fleet.Member;
import com.example.configserver.release.GrayRelease;
import com.example.configserver.release.RefusedRequestException;
import com.example.configserver.release.ReleaseState;
import com.example.configserver.release.Releases;
import com.example.configserver.release.Traffic;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.fasterxml.jackson.annotation.JsonInclude;
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

	private final HistoryController revisions;

	ReleaseController(History history, Releases releases, Fleet fleet, Secrets secrets, HistoryController revisions) {
		this.history = history;
		this.releases = releases;
		this.fleet = fleet;
		this.secrets = secrets;
		this.revisions = revisions;
	}

	@GetMapping("/status")
	Status status() {
		ReleaseState state = releases.state();
		GrayRelease gray = state.gray();
		Set<String> grayInstances = (gray != null) ? gray.instances() : Set.of();
		List<InstanceView> instances = fleet.members()
			.stream()
			.map(Member::report)
			.map((report) -> new InstanceView(report.service(), report.instance(), report.revision(),
					grayInstances.contains(report.instance()), report.source(), report.since(), report.refused(),
					report.pending()))
			.toList();
		return new Status(state.revision(), (gray != null) ? view(gray) : null, releases.head().id(), history.drift(),
				history.unreadable(), instances, state.events());
	}

	private GrayView view(GrayRelease gray) {
		Comparison comparison = releases.comparison();
		return new GrayView(gray.revision().equals(releases.state().revision()) ? null : gray.revision(), gray.author(),
				gray.message(), gray.since(), gray.percent(), gray.labels(), gray.instances(),
				(comparison != null)
						? new ComparisonView(TrafficView.of(comparison.gray()), TrafficView.of(comparison.others()))
						: null);
	}

	@GetMapping("/keys")
	Keys keys(@RequestParam(required = false) @Nullable String service) {
		Map<String, KeyView> keys = new TreeMap<>();
		fleet.keys().forEach((name, ofService) -> {
			if (service == null || service.equals(name)) {
				ofService
					.forEach((key) -> keys.computeIfAbsent(key.name(), (absent) -> KeyView.of(key)).services.add(name));
			}
		});
		return new Keys(keys.values());
	}

	@PostMapping("/rollback")
	Done rollback(@Valid @RequestBody Rollback request) {
		return new Done(revisions.describe(releases.rollback(request.revision, request.author, request.message)));
	}

	@PostMapping("/gray")
	GrayView gray(@Valid @RequestBody Gray request) {
		Map<String, String> labels = (request.labels != null) ? request.labels : Map.of();
		if ((request.percent == null) == labels.isEmpty()) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"Choose the instances by percent, or by labels: zone, version, instance.");
		}
		return view(releases.gray(request.revision, request.percent, labels, request.author, request.message));
	}

	@PostMapping("/promote")
	Done promote(@Valid @RequestBody Reason reason) {
		return new Done(revisions.describe(releases.promote(reason.author, reason.message)));
	}

	@PostMapping("/abandon")
	Done abandon(@Valid @RequestBody Reason reason) {
		return new Done(revisions.describe(releases.abandon(reason.author, reason.message)));
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

	record Done(RevisionView revision) {
	}

	record Status(String current, @JsonInclude @Nullable GrayView gray, String head, List<String> drift,
			List<String> unreadable, List<InstanceView> instances, List<Event> events) {
	}

	record GrayView(@Nullable String revision, String author, String message, Instant since, @Nullable Integer percent,
			Map<String, String> labels, Collection<String> instances, @Nullable ComparisonView comparison) {
	}

	record ComparisonView(TrafficView gray, TrafficView others) {
	}

	record TrafficView(long requests, double errorRate, @Nullable Double p99Millis) {

		static TrafficView of(Traffic traffic) {
			return new TrafficView(Math.round(traffic.requests()), traffic.errorRate(), traffic.p99Millis());
		}

	}

	record InstanceView(String service, String instance, String revision, boolean gray, Source source, Instant since,
			InstanceReport.@Nullable Refused refused, List<String> pending) {
	}

	record Keys(Collection<KeyView> keys) {
	}

	record KeyView(String name, String type, @Nullable String defaultValue, boolean live, @Nullable String description,
			Set<String> services) {

		static KeyView of(ConfigKey key) {
			return new KeyView(key.name(), key.type(), key.defaultValue(), key.live(), key.description(),
					new TreeSet<>());
		}

	}

}
