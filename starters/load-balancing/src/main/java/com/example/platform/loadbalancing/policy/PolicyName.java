package com.example.platform.loadbalancing.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The policies by the names that configuration uses, such as {@code least-request}.
 */
public enum PolicyName {

	/**
	 * One after the other. For equal instances and calls of equal cost. O(1).
	 */
	ROUND_ROBIN {
		@Override
		public Policy create(PolicyOptions options, RandomGenerator random) {
			Turns turns = new Turns(random);
			return (nodes) -> {
				int size = nodes.size();
				return (key) -> turns.next(size);
			};
		}
	},

	/**
	 * Any, each as likely. For very many callers, which together need no memory. O(1).
	 */
	RANDOM {
		@Override
		public Policy create(PolicyOptions options, RandomGenerator random) {
			return (nodes) -> new RandomChoice(nodes.size(), random);
		}
	},

	/**
	 * In turn, each as often as its weight says, evenly spread. For instances of unequal
	 * size. O(1) for a call; a table of one cycle in memory.
	 */
	WEIGHTED_ROUND_ROBIN {
		@Override
		public Policy create(PolicyOptions options, RandomGenerator random) {
			Turns turns = new Turns(random);
			return (nodes) -> new SmoothWeightedRoundRobin(nodes, turns);
		}
	},

	/**
	 * The one of two with fewer calls in flight for its weight. The default: right for
	 * nearly everything, and an even rotation when there is little to do. O(1).
	 */
	LEAST_REQUEST {
		@Override
		public Policy create(PolicyOptions options, RandomGenerator random) {
			return twoChoices(LoadMetric.IN_FLIGHT, random);
		}
	},

	/**
	 * The one of two that promises the shorter response time. For instances whose speed
	 * differs or changes. O(1).
	 */
	RESPONSE_TIME {
		@Override
		public Policy create(PolicyOptions options, RandomGenerator random) {
			return twoChoices(LoadMetric.RESPONSE_TIME, random);
		}
	},

	/**
	 * The same node for the same key, from every caller. For caches inside instances.
	 * O(n) up to {@link PolicyOptions#rendezvousUpTo()} nodes, cheaper above.
	 */
	CONSISTENT_HASH {
		@Override
		public Policy create(PolicyOptions options, RandomGenerator random) {
			return (nodes) -> consistentHash(nodes, options, random);
		}
	},

	/**
	 * The node that this caller's key went to before, for as long as it is there, also
	 * when others join; a new key goes where {@link #CONSISTENT_HASH} says. For sessions
	 * inside instances. O(1) and 512 KiB for each service, twice where there are
	 * canaries, plus the hash for new keys.
	 */
	STICKY {
		@Override
		public Policy create(PolicyOptions options, RandomGenerator random) {
			return new Sticky(CONSISTENT_HASH.create(options, random));
		}
	};

	/**
	 * Returns whether a call's key decides, so that no call may go elsewhere because an
	 * instance has just come up.
	 * @return whether the policy goes by keys
	 */
	public boolean goesByKey() {
		return this == CONSISTENT_HASH || this == STICKY;
	}

	/**
	 * Makes a policy for one called service.
	 * @param options what some policies can be told
	 * @param random source of randomness, called from several threads
	 * @return the policy
	 */
	public abstract Policy create(PolicyOptions options, RandomGenerator random);

	private static Policy twoChoices(LoadMetric metric, RandomGenerator random) {
		Turns turns = new Turns(random);
		return (nodes) -> new PowerOfTwoChoices(nodes, metric, random, turns);
	}

	private static Picker consistentHash(List<Node> nodes, PolicyOptions options, RandomGenerator random) {
		Picker hash = (nodes.size() <= options.rendezvousUpTo()) ? new Rendezvous(nodes, random)
				: new DxHash(nodes, random);
		return (options.balanceFactor() > 0) ? new BoundedLoad(hash, nodes, options.balanceFactor()) : hash;
	}

}
