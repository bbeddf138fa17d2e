package com.example.configserver.release.gray;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.Difference;
import com.example.configserver.content.Difference.Change;
import com.example.configserver.release.fleet.Member;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the instances of a gray release.
 */
public final class GrayChoice {

	private final Configurations configurations;

	private final Supplier<Set<String>> services;

	private final Supplier<List<Member>> members;

	/**
	 * Creates a choice among running instances.
	 * @param configurations what revisions say, as far as they can be read
	 * @param services the running services
	 * @param members their instances
	 */
	public GrayChoice(Configurations configurations, Supplier<Set<String>> services, Supplier<List<Member>> members) {
		this.configurations = configurations;
		this.services = services;
		this.members = members;
	}

	/** Returns the instances that are to run a gray revision instead of another one. */
	public Set<String> receivers(GrayRelease gray, String before, String after) {
		return among(gray, concerned(before, after));
	}

	/** Returns the running services to which two revisions do not say the same. */
	public Set<String> concerned(String before, String after) {
		Configuration next = configurations.of(after);
		if (next == null) {
			return Set.of();
		}
		List<Change> changes = Difference.ofAll(configurations.of(before), next);
		return services.get()
			.stream()
			.filter((service) -> changes.stream().anyMatch((change) -> Configuration.concerns(change.file(), service)))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/** Returns the instances of any running service that a gray release would have. */
	public Set<String> amongAll(GrayRelease gray) {
		return among(gray, services.get());
	}

	/** Returns the instances of some services that a gray release would have. */
	public Set<String> among(GrayRelease gray, Set<String> concerned) {
		return of(gray, concerned, members.get());
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

	/** What revisions say. */
	public interface Configurations {

		@Nullable Configuration of(String revision);

	}

}
