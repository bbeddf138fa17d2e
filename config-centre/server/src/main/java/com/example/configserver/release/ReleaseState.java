package com.example.configserver.release;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.example.configserver.release.gray.GrayRelease;
import com.example.platform.configprotocol.api.Overview.Event;
import org.jspecify.annotations.Nullable;

/**
 * What the config servers agree upon. Instances read the first three parts of it, as
 * {@link com.example.platform.configprotocol.Release}. Immutable.
 *
 * @param revision what every instance runs that belongs to no gray release
 * @param gray the gray release; {@code null} for none
 * @param goodFor by service whose instances refuse what was released, what they run
 * instead, until one of them runs {@code revision}
 * @param refusedBy by the same services, what they refused last
 * @param considered the newest revision of the line that was decided upon
 * @param released what was released to all, newest first; the oldest are forgotten
 * @param events what happened, newest first; the oldest are forgotten
 */
public record ReleaseState(String revision, @Nullable GrayRelease gray, Map<String, String> goodFor,
		Map<String, String> refusedBy, String considered, List<String> released, List<Event> events) {

	private static final int MOST_EVENTS = 50;

	private static final int MOST_RELEASED = 200;

	// Whoever writes the release without this server writes less.
	public ReleaseState {
		goodFor = Objects.requireNonNullElse(goodFor, Map.of());
		refusedBy = Objects.requireNonNullElse(refusedBy, Map.of());
		considered = Objects.requireNonNullElse(considered, "");
		released = (released != null) ? released : List.of(revision);
		events = Objects.requireNonNullElse(events, List.of());
	}

	static ReleaseState first(String revision, String considered, Event event) {
		return new ReleaseState(revision, null, Map.of(), Map.of(), considered, List.of(revision), List.of(event));
	}

	/** Returns what happened to a revision last, as far as is remembered. */
	public Optional<Event> lastEvent(String id) {
		return events.stream().filter((event) -> event.revision().equals(id)).findFirst();
	}

	boolean isRefused(String id) {
		return lastEvent(id).filter(EventKind.REFUSED::is).isPresent();
	}

	/** Returns the gray release, unless it still waits for a revision to try. */
	@Nullable GrayRelease grayOnTrial() {
		return (gray == null || gray.revision().equals(revision)) ? null : gray;
	}

	/**
	 * Tells whether this is the other state or what became of it, as far as is
	 * remembered.
	 */
	boolean follows(ReleaseState other) {
		return !other.events.isEmpty() && events.contains(other.events.get(0));
	}

	ReleaseState release(String next, @Nullable GrayRelease beside, Event event) {
		List<String> before = released.stream().filter((earlier) -> !earlier.equals(next)).toList();
		return new ReleaseState(next, beside, goodFor, refusedBy, considered, newestFirst(next, before, MOST_RELEASED),
				withEvent(event));
	}

	ReleaseState withGray(@Nullable GrayRelease next, Event event) {
		return withGray(next).log(event);
	}

	ReleaseState withGray(@Nullable GrayRelease next) {
		return new ReleaseState(revision, next, goodFor, refusedBy, considered, released, events);
	}

	ReleaseState consider(String head) {
		return new ReleaseState(revision, gray, goodFor, refusedBy, head, released, events);
	}

	ReleaseState log(Event event) {
		return new ReleaseState(revision, gray, goodFor, refusedBy, considered, released, withEvent(event));
	}

	/**
	 * Remembers that a service refuses the revision.
	 * @param good what its instances run instead
	 */
	ReleaseState refuse(String service, String good, Event event) {
		Map<String, String> goods = new TreeMap<>(goodFor);
		goods.put(service, good);
		Map<String, String> refusals = new TreeMap<>(refusedBy);
		refusals.put(service, revision);
		return new ReleaseState(revision, gray, goods, refusals, considered, released, withEvent(event));
	}

	/** Forgets that services refuse anything. */
	ReleaseState accept(Set<String> services) {
		Map<String, String> goods = new TreeMap<>(goodFor);
		goods.keySet().removeAll(services);
		Map<String, String> refusals = new TreeMap<>(refusedBy);
		refusals.keySet().removeAll(services);
		return new ReleaseState(revision, gray, goods, refusals, considered, released, events);
	}

	private List<Event> withEvent(Event event) {
		return newestFirst(event, events, MOST_EVENTS);
	}

	private static <T> List<T> newestFirst(T newest, List<T> others, int most) {
		return Stream.concat(Stream.of(newest), others.stream()).limit(most).toList();
	}

}
