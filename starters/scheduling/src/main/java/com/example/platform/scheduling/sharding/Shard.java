package com.example.platform.scheduling.sharding;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32;

import org.jspecify.annotations.Nullable;

/**
 * A part of the work of a run. Together the shards of a run are all of it, and no two
 * have anything in common.
 *
 * @param index its number, from 0
 * @param count how many there are
 * @param from number of its first item, from 0
 * @param to number of the item after its last one; equal to {@code from} when the work is
 * not split by count
 * @param begin begin of its time window; {@code null} when the work is not split by time
 * @param end end of its time window, exclusive; {@code null} when the work is not split
 * by time
 */
public record Shard(int index, int count, long from, long to, @Nullable Instant begin, @Nullable Instant end) {

	/**
	 * Tells whether an item is part of it, by the hash of its key: CRC-32 of its UTF-8
	 * form, modulo the number of shards.
	 * @param key what identifies the item
	 * @return whether it is
	 */
	public boolean contains(String key) {
		CRC32 hash = new CRC32();
		hash.update(key.getBytes(StandardCharsets.UTF_8));
		return hash.getValue() % count == index;
	}

}
