package com.example.platform.scheduling.sharding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How the work of a run is split. More shards than instances make the parts smaller that
 * move when an instance joins or leaves: four for each is a good number.
 *
 * @param shards the parts
 */
public record Split(List<Shard> shards) {

	public Split {
		check(!shards.isEmpty(), "There is one shard at least");
	}

	/**
	 * Splits numbered items into ranges that differ by one item at most.
	 * @param items how many there are
	 * @param shards how many parts
	 * @return ranges of numbers, see {@link Shard#from()}
	 */
	public static Split byCount(long items, int shards) {
		check(items >= 0, "There are no fewer than 0 items");
		return of(shards, (i) -> new Shard(i, shards, items * i / shards, items * (i + 1) / shards, null, null));
	}

	/**
	 * Splits by the hash of a key, whatever keys there are.
	 * @param shards how many parts
	 * @return parts that know their keys, see {@link Shard#contains}
	 */
	public static Split byHash(int shards) {
		return of(shards, (i) -> new Shard(i, shards, 0, 0, null, null));
	}

	/**
	 * Splits a time into windows of the same length.
	 * @param begin begin of the first one
	 * @param end end of the last one, exclusive
	 * @param shards how many parts
	 * @return windows, see {@link Shard#begin()}
	 */
	public static Split byTime(Instant begin, Instant end, int shards) {
		check(!end.isBefore(begin), "The end is before the begin");
		Duration whole = Duration.between(begin, end);
		return of(shards, (i) -> new Shard(i, shards, 0, 0, begin.plus(whole.multipliedBy(i).dividedBy(shards)),
				begin.plus(whole.multipliedBy(i + 1L).dividedBy(shards))));
	}

	private static Split of(int shards, IntFunction<Shard> shard) {
		check(shards >= 1 && shards <= 1000, "There are 1 to 1000 shards");
		return new Split(IntStream.range(0, shards).mapToObj(shard).toList());
	}

	private static void check(boolean holds, String rule) {
		if (!holds) {
			throw new IllegalArgumentException(rule);
		}
	}

}
