package com.example.configserver.release;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import com.example.configserver.release.Fleet.Member;
import org.jspecify.annotations.Nullable;

/**
 * Watches the instances while a revision is gray: reads their metrics, and compares the
 * gray ones with the others. Confined to one thread, but for the last comparison.
 */
final class GrayWatch {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final GrayBounds bounds;

	private final Fleet fleet;

	private final Clock clock;

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(TIMEOUT)
		.build();

	// Each look's readings by instance, oldest first, as far back as the window.
	private final Deque<Look> looks = new ArrayDeque<>();

	private @Nullable String watched;

	private volatile @Nullable Comparison comparison;

	GrayWatch(GrayBounds bounds, Fleet fleet, Clock clock) {
		this.bounds = bounds;
		this.fleet = fleet;
		this.clock = clock;
	}

	Duration interval() {
		return bounds.interval();
	}

	@Nullable Comparison comparison() {
		return comparison;
	}

	/**
	 * Looks at the instances once.
	 * @return why the gray release is to be taken back; empty when it is not
	 */
	Optional<String> look(@Nullable ReleaseState state) {
		GrayRelease gray = (state != null) ? state.gray() : null;
		if (state == null || gray == null || gray.revision().equals(state.revision())) {
			watched = null;
			looks.clear();
			comparison = null;
			return Optional.empty();
		}
		if (!gray.revision().equals(watched)) {
			watched = gray.revision();
			looks.clear();
		}
		List<Member> members = fleet.members();
		List<String> services = members.stream()
			.filter((member) -> gray.instances().contains(member.instance()))
			.map(Member::service)
			.distinct()
			.toList();
		List<Member> compared = members.stream().filter((member) -> services.contains(member.service())).toList();
		Instant now = clock.instant();
		looks.addLast(new Look(now, read(compared)));
		while (looks.size() > 1 && looks.getFirst().time.plus(bounds.window()).isBefore(now)) {
			looks.removeFirst();
		}
		Comparison compare = compare(compared, gray);
		comparison = compare;
		return bounds.exceededBy(compare.gray(), compare.others());
	}

	private Comparison compare(List<Member> members, GrayRelease gray) {
		Map<String, Traffic> now = looks.getLast().readings;
		Traffic ofGray = Traffic.NONE;
		Traffic ofOthers = Traffic.NONE;
		for (Member member : members) {
			Traffic latest = now.get(member.instance());
			Traffic earliest = earliest(member.instance());
			boolean isGray = gray.instances().contains(member.instance());
			// A gray instance counts once it runs the revision.
			if (latest == null || earliest == null || (isGray && !member.report().revision().equals(gray.revision()))) {
				continue;
			}
			Traffic meanwhile = latest.since(earliest);
			if (isGray) {
				ofGray = ofGray.plus(meanwhile);
			}
			else {
				ofOthers = ofOthers.plus(meanwhile);
			}
		}
		return new Comparison(ofGray, ofOthers);
	}

	private @Nullable Traffic earliest(String instance) {
		for (Look look : looks) {
			Traffic reading = look.readings.get(instance);
			if (reading != null) {
				return reading;
			}
		}
		return null;
	}

	private Map<String, Traffic> read(List<Member> members) {
		Map<String, CompletableFuture<@Nullable Traffic>> pending = new LinkedHashMap<>();
		for (Member member : members) {
			pending.put(member.instance(), read(member));
		}
		Map<String, Traffic> readings = new HashMap<>();
		pending.forEach((instance, reading) -> {
			Traffic traffic = reading.join();
			if (traffic != null) {
				readings.put(instance, traffic);
			}
		});
		return readings;
	}

	// An instance that does not answer is not compared; the registry will see to it.
	private CompletableFuture<@Nullable Traffic> read(Member member) {
		HttpRequest request = HttpRequest
			.newBuilder(
					URI.create("http://" + member.address() + "/actuator/prometheus?includedNames=" + Traffic.METRICS))
			.timeout(TIMEOUT)
			.build();
		return http.sendAsync(request, BodyHandlers.ofString())
			.handle((HttpResponse<String> response,
					Throwable failure) -> (failure == null && response.statusCode() == 200)
							? Traffic.parse(response.body()) : null);
	}

	private record Look(Instant time, Map<String, Traffic> readings) {
	}

}
