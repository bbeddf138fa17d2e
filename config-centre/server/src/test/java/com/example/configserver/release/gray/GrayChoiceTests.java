package com.example.configserver.release.gray;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.example.configserver.release.fleet.Member;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.Source;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GrayChoiceTests {

	@Test
	void eachServiceConcernedGivesItsShare() {
		List<Member> fleet = fleet(Map.of("order", 4, "user", 10, "other", 4));
		Set<String> chosen = GrayChoice.of(share(50), Set.of("order", "user"), fleet);
		assertThat(chosen.stream().filter((id) -> id.startsWith("order"))).hasSize(2);
		assertThat(chosen.stream().filter((id) -> id.startsWith("user"))).hasSize(5);
		assertThat(chosen).hasSize(7);
	}

	@Test
	void aSmallShareIsOneInstanceAndALargeOneNotAll() {
		assertThat(GrayChoice.of(share(1), Set.of("order"), fleet(Map.of("order", 4)))).hasSize(1);
		assertThat(GrayChoice.of(share(99), Set.of("order"), fleet(Map.of("order", 4)))).hasSize(3);
		assertThat(GrayChoice.of(share(100), Set.of("order"), fleet(Map.of("order", 4)))).hasSize(4);
		assertThat(GrayChoice.of(share(50), Set.of("order"), fleet(Map.of("order", 1)))).hasSize(1);
	}

	@Test
	void theSameInstancesAreChosenAgainAndNewOnesAreAddedToThem() {
		Set<String> first = GrayChoice.of(share(50), Set.of("order"), fleet(Map.of("order", 4)));
		assertThat(GrayChoice.of(share(50), Set.of("order"), fleet(Map.of("order", 4)))).isEqualTo(first);
		Set<String> more = GrayChoice.of(share(50).withInstances(first), Set.of("order"), fleet(Map.of("order", 10)));
		assertThat(more).containsAll(first).hasSize(5);
	}

	@Test
	void whoeverHasAllLabelsIsChosen() {
		List<Member> fleet = List.of(member("order", "order-1", "a", "1"), member("order", "order-2", "a", "2"),
				member("order", "order-3", "b", "2"));
		assertThat(GrayChoice.of(labels(Map.of("zone", "a", "version", "2")), Set.of("order"), fleet))
			.containsExactly("order-2");
		assertThat(GrayChoice.of(labels(Map.of("instance", "order-1, order-3")), Set.of("order"), fleet))
			.containsExactly("order-1", "order-3");
		assertThat(GrayChoice.of(labels(Map.of("zone", "c")), Set.of("order"), fleet)).isEmpty();
	}

	private static List<Member> fleet(Map<String, Integer> services) {
		List<Member> fleet = new ArrayList<>();
		services.forEach((service, number) -> {
			for (int i = 1; i <= number; i++) {
				fleet.add(member(service, service + "-" + i, "", ""));
			}
		});
		return fleet;
	}

	private static Member member(String service, String instance, String zone, String version) {
		return new Member(
				new InstanceReport(service, instance, "revision", Source.SERVER, Instant.EPOCH, null, List.of()),
				"127.0.0.1:1", zone, version);
	}

	private static GrayRelease share(int percent) {
		return gray(percent, Map.of());
	}

	private static GrayRelease labels(Map<String, String> labels) {
		return gray(null, labels);
	}

	private static GrayRelease gray(@Nullable Integer percent, Map<String, String> labels) {
		return new GrayRelease("revision", Set.of(), percent, labels, true, "revision", "ada", "", Instant.EPOCH);
	}

}
