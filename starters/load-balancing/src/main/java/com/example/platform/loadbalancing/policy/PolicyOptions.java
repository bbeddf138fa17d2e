package com.example.platform.loadbalancing.policy;

/**
 * What some policies can be told.
 *
 * @param maglevAbove number of nodes up to which a consistent hash is a rendezvous hash,
 * which moves the fewest keys; above it is Maglev, whose cost does not grow. All callers
 * must agree, since crossing the number moves most keys.
 * @param balanceFactor how much more than its share of the calls in flight a node may
 * have before a consistent hash goes on to the key's next node, such as 1.25; 0 for no
 * bound
 */
public record PolicyOptions(int maglevAbove, double balanceFactor) {

	/**
	 * Rendezvous hashing up to 32 nodes, no bound on the load.
	 */
	public static final PolicyOptions DEFAULTS = new PolicyOptions(32, 0);

}
