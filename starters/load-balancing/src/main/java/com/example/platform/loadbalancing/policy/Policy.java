package com.example.platform.loadbalancing.policy;

import java.util.List;

/**
 * Makes pickers for one called service. It may keep what has to survive a change of the
 * nodes, such as whose key went where.
 */
@FunctionalInterface
public interface Policy {

	/**
	 * Makes a picker. Called on the control path, by one thread at a time.
	 * @param nodes the nodes to choose among, at least one
	 * @return a picker for exactly these nodes with their present weights
	 */
	Picker picker(List<Node> nodes);

}
