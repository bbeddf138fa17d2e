package com.example.platform.loadbalancing.policy;

/**
 * What some policies can be told.
 *
 * @param rendezvousUpTo number of nodes up to which a consistent hash is a rendezvous
 * hash, which looks at each node; above it is a DxHash, which is the cheaper the more
 * there are. All callers must agree, since crossing the number moves most keys.
 * @param balanceFactor how much more than its share of the calls in flight a node may
 * have before a consistent hash goes on to the key's next node, such as 1.25; 0 for no
 * bound
 */
public record PolicyOptions(int rendezvousUpTo, double balanceFactor) {

	/**
	 * Rendezvous hashing up to 128 nodes, no bound on the load.
	 */
	public static final PolicyOptions DEFAULTS = new PolicyOptions(128, 0);

}
