package com.example.configserver.release;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What the config servers agree upon. Instances read the first three parts of it, as
 * {@link com.example.platform.configrefresh.Release}. Immutable.
 *
 * @param revision what every instance runs that belongs to no gray release
 * @param gray the gray release; {@code null} for none
 * @param goodFor by service whose instances refuse {@code revision}, what they run
 * instead
 * @param considered the newest revision of the line that was decided upon
 * @param events what happened, newest first; the oldest are forgotten
 */
public record ReleaseState(String revision, @Nullable GrayRelease gray, Map<String, String> goodFor, String considered,
		List<Event> events) {

	private static final int MOST_EVENTS = 50;

	static ReleaseState first(String revision, String considered, Event event) {
		return new ReleaseState(revision, null, Map.of(), considered, List.of(event));
	}

	ReleaseState release(String next, @Nullable GrayRelease beside, Event event) {
		return new ReleaseState(next, beside, Map.of(), considered, with(event));
	}

	ReleaseState withGray(@Nullable GrayRelease next, Event event) {
		return new ReleaseState(revision, next, goodFor, considered, with(event));
	}

	ReleaseState withGrayInstances(GrayRelease next) {
		return new ReleaseState(revision, next, goodFor, considered, events);
	}

	ReleaseState consider(String head) {
		return new ReleaseState(revision, gray, goodFor, head, events);
	}

	ReleaseState log(Event event) {
		return new ReleaseState(revision, gray, goodFor, considered, with(event));
	}

	ReleaseState withGoodFor(String service, String good, Event event) {
		Map<String, String> next = new TreeMap<>(goodFor);
		next.put(service, good);
		return new ReleaseState(revision, gray, next, considered, with(event));
	}

	ReleaseState withGoodFor(Map<String, String> next) {
		return new ReleaseState(revision, gray, next, considered, events);
	}

	private List<Event> with(Event event) {
		return Stream.concat(Stream.of(event), events.stream()).limit(MOST_EVENTS).toList();
	}

}
