package com.example.platform.scheduling.sharding;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RendezvousTests {

	private static final List<String> KEYS = IntStream.range(0, 3000).mapToObj((i) -> "2026-01-01/" + i).toList();

	@Test
	void keysAreSpreadEvenlyAndMoveOnlyToOrFromWhoComesOrGoes() {
		Map<String, String> two = owners("a-1", "a-2");
		Map<String, String> three = owners("a-3", "a-1", "a-2");
		for (String member : List.of("a-1", "a-2", "a-3")) {
			assertThat(three.values().stream().filter(member::equals).count()).isBetween(900L, 1100L);
		}
		KEYS.forEach((key) -> assertThat(three.get(key)).isIn(two.get(key), "a-3"));
		assertThat(Rendezvous.owner("key", List.of())).isEmpty();
	}

	@Test
	void theShardsOfASplitAreAllOfItAndHaveNothingInCommon() {
		for (int items : new int[] { 0, 1, 7, 16, 10_000 }) {
			List<Shard> shards = Split.byCount(items, 16).shards();
			assertThat(shards.stream()
				.flatMap((shard) -> Stream.iterate(shard.from(), (i) -> i < shard.to(), (i) -> i + 1)))
				.containsExactlyElementsOf(IntStream.range(0, items).mapToObj((i) -> (long) i).toList());
		}
		List<Shard> hashed = Split.byHash(7).shards();
		KEYS.forEach((key) -> assertThat(hashed.stream().filter((shard) -> shard.contains(key))).hasSize(1));
		Instant begin = Instant.parse("2026-01-01T00:00:00Z");
		Instant end = begin.plusNanos(86_400_000_000_001L);
		List<Shard> windows = Split.byTime(begin, end, 7).shards();
		assertThat(windows.get(0).begin()).isEqualTo(begin);
		assertThat(windows.get(6).end()).isEqualTo(end);
		for (int i = 1; i < 7; i++) {
			assertThat(windows.get(i).begin()).isEqualTo(windows.get(i - 1).end());
		}
		assertThatIllegalArgumentException().isThrownBy(() -> Split.byHash(0));
		assertThatIllegalArgumentException().isThrownBy(() -> Split.byCount(-1, 2));
		assertThatIllegalArgumentException().isThrownBy(() -> Split.byTime(end, begin, 2));
	}

	private static Map<String, String> owners(String... members) {
		Map<String, String> owners = new HashMap<>();
		KEYS.forEach((key) -> owners.put(key, Rendezvous.owner(key, List.of(members)).orElseThrow()));
		return owners;
	}

}
