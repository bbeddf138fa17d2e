package com.example.configserver.release.gray;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.example.configserver.release.fleet.Member;
import com.example.platform.consul.BoundedBody;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Watches the instances while a revision is gray: reads their metrics, and compares the
 * gray ones with the others. Confined to one thread, which waits for no instance, but for
 * the last comparison.
 */
public final class GrayWatch {

	private static final Log log = LogFactory.getLog(GrayWatch.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final BodyHandler<String> BODY = BoundedBody.of(BodyHandlers.ofString(), TIMEOUT,
			DataSize.ofMegabytes(16));

	private final GrayBounds bounds;

	private final Supplier<List<Member>> members;

	private final Clock clock;

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(TIMEOUT)
		.build();

	// Each look's readings, oldest first, as far back as the window.
	private final Deque<Look> looks = new ArrayDeque<>();

	private @Nullable GrayRelease watched;

	private boolean reading;

	private volatile @Nullable Comparison comparison;

	public GrayWatch(GrayBounds bounds, Supplier<List<Member>> members, Clock clock) {
		this.bounds = bounds;
		this.members = members;
		this.clock = clock;
	}

	/** Returns the time between two looks. */
	public Duration interval() {
		return bounds.interval();
	}

	/** Returns how the gray instances do; {@code null} while none is compared. */
	public @Nullable Comparison comparison() {
		return comparison;
	}

	/**
	 * Begins to look at the instances, unless that goes on.
	 * @param gray the revision on trial; {@code null} for none
	 * @param done gets what completes the look, for the thread that this is confined to
	 * @param verdict gets the verdict there, when the gray release is to be taken back
	 */
	public void look(@Nullable GrayRelease gray, Consumer<Runnable> done, Consumer<Verdict> verdict) {
		if (gray == null || !gray.isSame(watched)) {
			looks.clear();
			comparison = null;
		}
		watched = gray;
		if (gray == null || reading) {
			return;
		}
		reading = true;
		List<Member> compared = compared(gray);
		Map<String, Reading> readings = new ConcurrentHashMap<>();
		var unused = CompletableFuture
			.allOf(compared.stream().map((member) -> read(member, gray, readings)).toArray(CompletableFuture[]::new))
			.whenComplete((all, failure) -> done.accept(() -> {
				reading = false;
				if (gray.isSame(watched)) {
					judge(gray, compared, readings).ifPresent((reason) -> verdict.accept(new Verdict(gray, reason)));
				}
			}));
	}

	private List<Member> compared(GrayRelease gray) {
		List<Member> all = members.get();
		List<String> services = all.stream()
			.filter((member) -> gray.instances().contains(member.instance()))
			.map(Member::service)
			.distinct()
			.toList();
		return all.stream().filter((member) -> services.contains(member.service())).toList();
	}

	private Optional<String> judge(GrayRelease gray, List<Member> compared, Map<String, Reading> readings) {
		Instant now = clock.instant();
		if (looks.stream().noneMatch(Look::isOfGray)) {
			// What the others have answered until now is not compared with anything.
			looks.clear();
		}
		looks.addLast(new Look(now, readings));
		while (looks.size() > 1 && looks.getFirst().time.plus(bounds.window()).isBefore(now)) {
			looks.removeFirst();
		}
		Traffic ofGray = Traffic.NONE;
		Traffic ofOthers = Traffic.NONE;
		for (Member member : compared) {
			Reading latest = readings.get(member.instance());
			if (latest != null) {
				Traffic meanwhile = latest.traffic.since(earliest(member.instance(), latest).traffic);
				if (gray.instances().contains(member.instance())) {
					ofGray = ofGray.plus(meanwhile);
				}
				else {
					ofOthers = ofOthers.plus(meanwhile);
				}
			}
		}
		comparison = new Comparison(ofGray, ofOthers);
		return bounds.exceededBy(ofGray, ofOthers);
	}

	private Reading earliest(String instance, Reading latest) {
		return looks.stream()
			.map((look) -> look.readings.get(instance))
			.filter((reading) -> reading != null && Objects.equals(reading.graySince, latest.graySince))
			.findFirst()
			.orElse(latest);
	}

	// An instance that does not answer is not compared; the registry will see to it. A
	// gray one is as soon as it runs the revision.
	private CompletableFuture<?> read(Member member, GrayRelease gray, Map<String, Reading> readings) {
		boolean isGray = gray.instances().contains(member.instance());
		if (isGray && !member.report().revision().equals(gray.revision())) {
			return CompletableFuture.completedFuture(null);
		}
		HttpRequest request;
		try {
			request = HttpRequest
				.newBuilder(URI
					.create("http://" + member.address() + "/actuator/prometheus?includedNames=" + Traffic.METRICS))
				.timeout(TIMEOUT)
				.build();
		}
		catch (IllegalArgumentException ex) {
			log.debug(member.instance() + " is registered with an address that is none: " + member.address(), ex);
			return CompletableFuture.completedFuture(null);
		}
		return http.sendAsync(request, BODY).thenAccept((response) -> {
			if (response.statusCode() == 200) {
				readings.put(member.instance(),
						new Reading(Traffic.parse(response.body()), isGray ? member.report().since() : null));
			}
		});
	}

	/**
	 * How the gray instances do, compared with the others of the same services.
	 *
	 * @param gray what the gray instances have answered of late
	 * @param others what the others have answered meanwhile
	 */
	public record Comparison(Traffic gray, Traffic others) {
	}

	/** Why a gray release is to be taken back. */
	public record Verdict(GrayRelease gray, String reason) {
	}

	/**
	 * What an instance has answered since it was started.
	 *
	 * @param graySince since when a gray instance runs the revision: what it answered
	 * before, or on another one in between, is no part of what it has answered since;
	 * {@code null} for the others
	 */
	private record Reading(Traffic traffic, @Nullable Instant graySince) {
	}

	private record Look(Instant time, Map<String, Reading> readings) {

		boolean isOfGray() {
			return readings.values().stream().anyMatch((reading) -> reading.graySince != null);
		}

	}

}
