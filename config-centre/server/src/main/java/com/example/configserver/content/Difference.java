package com.example.configserver.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What changes from one configuration to another, for people to look at: secrets are
 * masked.
 */
public final class Difference {

	private Difference() {
	}

	/**
	 * Returns what changes for a service: of what it gets without profiles the values in
	 * force, and of what is for some profile alone all that is written.
	 * @param before {@code null} for nothing
	 * @param after the later configuration
	 * @param service name of a service
	 * @return changes, sorted by key
	 */
	public static List<Change> ofService(@Nullable Configuration before, Configuration after, String service) {
		return changes((before != null) ? ofService(before, service) : Map.of(), ofService(after, service));
	}

	/**
	 * Returns what changes in the files, in force or not.
	 * @param before {@code null} for nothing
	 * @param after the later configuration
	 * @return changes, sorted by key and file
	 */
	public static List<Change> ofAll(@Nullable Configuration before, Configuration after) {
		return changes((before != null) ? written(before.documents()) : Map.of(), written(after.documents()));
	}

	private static Map<Place, Setting> ofService(Configuration configuration, String service) {
		Map<Place, Setting> settings = written(configuration.documents()
			.filter((document) -> Configuration.concerns(document.file(), service)
					&& Configuration.needsProfile(document, service)));
		configuration.effective(service)
			.values()
			.forEach((setting) -> settings.put(new Place("", List.of(), setting.key()), setting));
		return settings;
	}

	private static Map<Place, Setting> written(Stream<Document> documents) {
		Map<Place, Setting> settings = new HashMap<>();
		documents.forEach((document) -> document.settings()
			.forEach((setting) -> settings.put(new Place(setting.file(), document.onProfile(), setting.key()),
					setting)));
		return settings;
	}

	private static List<Change> changes(Map<Place, Setting> before, Map<Place, Setting> after) {
		List<Change> changes = new ArrayList<>();
		Set<Place> places = new HashSet<>(before.keySet());
		places.addAll(after.keySet());
		for (Place place : places) {
			Setting old = before.get(place);
			Setting now = after.get(place);
			if (now != null && (old == null || !old.value().equals(now.value()))) {
				changes.add(new Change(now.key(), shown(old), shown(now), now.file(), now.line()));
			}
			else if (now == null && old != null) {
				changes.add(new Change(old.key(), shown(old), null, old.file(), null));
			}
		}
		changes.sort(Comparator.comparing(Change::key)
			.thenComparing(Change::file)
			.thenComparing(Change::line, Comparator.nullsFirst(Comparator.naturalOrder())));
		return changes;
	}

	private static @Nullable String shown(@Nullable Setting setting) {
		return (setting != null) ? setting.shown() : null;
	}

	/**
	 * A change of one key. If both values are masked, they look the same, but the values
	 * that they hide are not.
	 *
	 * @param key the key as it is written in the file
	 * @param before masked value before; {@code null} if the key is new
	 * @param after masked value after; {@code null} if the key is gone
	 * @param file where the key stands, or stood if it is gone
	 * @param line line of the file, counted from 1; {@code null} if the key is gone
	 */
	public record Change(String key, @Nullable String before, @Nullable String after, String file,
			@Nullable Integer line) {
	}

	// A key that is written in another way is another key: for a map, it is.
	private record Place(String file, List<String> onProfile, String key) {
	}

}
