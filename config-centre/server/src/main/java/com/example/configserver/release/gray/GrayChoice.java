package com.example.configserver.release;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

import com.example.configserver.release.Fleet.Member;

/**
 * Chooses the instances of a gray release.
 */
final class GrayChoice {

	/** Labels by which instances can be chosen. */
	static final Set<String> LABELS = Set.of("zone", "version", "instance");

	private GrayChoice() {
	}

	/**
	 * Chooses instances. By share, it is the same share of each service concerned, at
	 * least one instance and, below 100 %, not all of them; ordered by a hash of their
	 * ids, so that the choice survives restarts. Who was chosen stays chosen.
	 * @param gray how to choose, and who was chosen so far
	 * @param services the services that the revision says something new to
	 * @param members all instances
	 * @return ids of the chosen ones, the earlier ones included
	 */
	static Set<String> of(GrayRelease gray, Set<String> services, List<Member> members) {
		Set<String> chosen = new TreeSet<>(gray.instances());
		Map<String, List<Member>> byService = members.stream()
			.filter((member) -> services.contains(member.service()))
			.collect(Collectors.groupingBy(Member::service));
		byService.values().forEach((ofService) -> {
			if (gray.percent() == null) {
				ofService.stream()
					.filter((member) -> hasLabels(member, gray.labels()))
					.forEach((member) -> chosen.add(member.instance()));
			}
			else {
				choose(gray.percent(), ofService, chosen);
			}
		});
		return chosen;
	}

	private static void choose(int percent, List<Member> members, Set<String> chosen) {
		long missing = share(percent, members.size())
				- members.stream().filter((member) -> chosen.contains(member.instance())).count();
		members.stream()
			.map(Member::instance)
			.filter((instance) -> !chosen.contains(instance))
			.sorted(Comparator.comparing(GrayChoice::hash))
			.limit(Math.max(0, missing))
			.forEach(chosen::add);
	}

	private static long share(int percent, int members) {
		long share = Math.max(1, Math.round(members * percent / 100.0));
		return (percent < 100 && members > 1) ? Math.min(share, members - 1L) : share;
	}

	private static UUID hash(String instance) {
		return UUID.nameUUIDFromBytes(instance.getBytes(StandardCharsets.UTF_8));
	}

	private static boolean hasLabels(Member member, Map<String, String> labels) {
		return labels.entrySet().stream().allMatch((label) -> switch (label.getKey()) {
			case "zone" -> member.zone().equals(label.getValue());
			case "version" -> member.version().equals(label.getValue());
			default ->
				Arrays.stream(label.getValue().split(",")).map(String::strip).anyMatch(member.instance()::equals);
		});
	}

}
