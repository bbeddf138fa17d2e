package com.example.platform.scheduling.sharding;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Rendezvous hashing (Thaler and Ravishankar, "A name-based mapping scheme for
 * rendezvous", 1996): each key belongs to the member with the highest score for it. When
 * a member leaves, only its keys move; when one joins, only those that it gets.
 */
final class Rendezvous {

	private Rendezvous() {
	}

	/**
	 * Chooses the owner of a key.
	 * @param key the key
	 * @param members who may own it, in any order
	 * @return the owner; empty when there are no members
	 */
	static Optional<String> owner(String key, Collection<String> members) {
		return members.stream()
			.max(Comparator.<String>comparingLong((member) -> score(key, member))
				.thenComparing(Comparator.naturalOrder()));
	}

	// FNV-1a with the finalizer of MurmurHash3, without which similar names score
	// similarly.
	private static long score(String key, String member) {
		long hash = 0xcbf29ce484222325L;
		for (byte part : (key + '\0' + member).getBytes(StandardCharsets.UTF_8)) {
			hash = (hash ^ (part & 0xff)) * 0x100000001b3L;
		}
		hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
		hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
		return hash ^ (hash >>> 33);
	}

}
