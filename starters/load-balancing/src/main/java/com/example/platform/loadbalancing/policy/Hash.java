package com.example.platform.loadbalancing.policy;

/**
 * Hashes that every caller computes alike, whatever its JVM. Keys are hashed by FNV-1a
 * (Fowler, Noll, Vo; RFC 9923) over UTF-16 units and then mixed by Stafford's variant 13
 * of the finalizer of MurmurHash3, which lets each bit depend on every other.
 */
public final class Hash {

	/**
	 * Stands for the key of a call that has none.
	 */
	public static final long NO_KEY = 0;

	private Hash() {
	}

	/**
	 * Hashes a key, without allocation.
	 * @param key what the call is about, such as a user's id
	 * @return the hash, never {@link #NO_KEY}
	 */
	public static long of(CharSequence key) {
		long hash = 0xcbf29ce484222325L;
		for (int i = 0; i < key.length(); i++) {
			hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
		}
		long mixed = mix(hash);
		return (mixed != NO_KEY) ? mixed : 1;
	}

	/**
	 * Mixes a number so that near ones become unrelated.
	 * @param number any number
	 * @return its mix; different for different numbers
	 */
	public static long mix(long number) {
		long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

	/**
	 * Maps a hash evenly to a range, by the high bits of a product (Lemire, <i>Fast
	 * Random Integer Generation in an Interval</i>, 2019).
	 */
	static int index(long hash, int size) {
		return (int) (((hash >>> 32) * size) >>> 32);
	}

}
