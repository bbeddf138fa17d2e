package com.example.platform.loadbalancing.policy;

/**
 * Chooses among the nodes that it was made for. Safe for use by several threads; does not
 * lock and does not allocate.
 */
@FunctionalInterface
public interface Picker {

	/**
	 * Chooses a node for a call.
	 * @param key hash of what the call is about, as {@link Hash#of} gives it;
	 * {@link Hash#NO_KEY} when there is none. Policies without affinity ignore it.
	 * @return the node's index in the list that the picker was made for
	 */
	int pick(long key);

}
