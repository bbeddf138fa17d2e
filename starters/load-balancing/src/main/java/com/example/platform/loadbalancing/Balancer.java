package com.example.platform.loadbalancing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import com.example.platform.loadbalancing.policy.Picker;
import com.example.platform.loadbalancing.policy.Policy;
import com.example.platform.loadbalancing.policy.WarmUp;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the nodes that are usable at one moment: first canary or not, then by
 * policy. Immutable, safe for use by several threads; a pick takes no lock and allocates
 * nothing.
 */
public final class Balancer {

	// Separates the share of canaries from the choice of the node by the same key.
	private static final long CANARY_SALT = 0x5851f42d4c957f2dL;

	private final List<Member> members;

	private final Side stable;

	private final Side canary;

	// Of 2^32.
	private final long canaryShare;

	private final RandomGenerator random;

	private Balancer(List<Member> members, Side stable, Side canary, double canaryPercent, RandomGenerator random) {
		this.members = members;
		this.stable = stable;
		this.canary = canary;
		this.canaryShare = (long) (canaryPercent / 100 * (1L << 32));
		this.random = random;
	}

	/**
	 * Returns the members in the order that {@link #pick} counts in.
	 * @return the members; never changes
	 */
	public List<Member> members() {
		return members;
	}

	/**
	 * Chooses a member for a call.
	 * @param key hash of the call's key, {@link Hash#NO_KEY} for none
	 * @param wish whether the call asks for a canary
	 * @return the member's index; -1 when there is none at all
	 */
	public int pick(long key, CanaryWish wish) {
		return side(key, wish).pick(key);
	}

	/**
	 * Chooses a member for a call that is repeated: by policy among those it would have
	 * chosen from anyway, else any other.
	 * @param key hash of the call's key, {@link Hash#NO_KEY} for none
	 * @param wish whether the call asks for a canary
	 * @param tried where it was sent before
	 * @return the member's index, of one that was tried only when there is no other; -1
	 * when there is none at all
	 */
	public int pick(long key, CanaryWish wish, Set<Node> tried) {
		Side side = side(key, wish);
		int chosen = side.pick(key);
		// A key, and a policy that looks at load, may stay with the same node for ever.
		for (int i = 0; i < side.indexes.length && wasTried(chosen, tried); i++) {
			chosen = side.pick(Hash.NO_KEY);
		}
		if (!wasTried(chosen, tried)) {
			return chosen;
		}
		int start = random.nextInt(members.size());
		return IntStream
			.concat(Arrays.stream(side.indexes),
					IntStream.range(start, start + members.size()).map((i) -> i % members.size()))
			.filter((index) -> !wasTried(index, tried))
			.findFirst()
			.orElse(chosen);
	}

	private boolean wasTried(int index, Set<Node> tried) {
		return index >= 0 && tried.contains(members.get(index).node());
	}

	private Side side(long key, CanaryWish wish) {
		if (canary.indexes.length == 0) {
			return stable;
		}
		if (stable.indexes.length == 0) {
			return canary;
		}
		return switch (wish) {
			case YES -> canary;
			case NO -> stable;
			case NONE -> {
				long place = (key != Hash.NO_KEY) ? Hash.mix(key ^ CANARY_SALT) : random.nextLong();
				yield ((place >>> 32) < canaryShare) ? canary : stable;
			}
		};
	}

	/**
	 * A usable instance.
	 *
	 * @param node what is known of its load
	 * @param zone its zone, possibly empty
	 * @param labels its metadata
	 */
	public record Member(Node node, String zone, Map<String, String> labels) {
	}

	/**
	 * Whether a call asks for a canary, by {@code x-canary}.
	 */
	public enum CanaryWish {

		/**
		 * It asks for one.
		 */
		YES,

		/**
		 * It asks for none.
		 */
		NO,

		/**
		 * It does not ask.
		 */
		NONE;

		/**
		 * Reads the value of a header or metadata entry.
		 * @param value the value
		 * @return the wish; a value other than {@code true} and {@code false} is none
		 */
		public static CanaryWish of(String value) {
			if (value.equalsIgnoreCase("true")) {
				return YES;
			}
			return value.equalsIgnoreCase("false") ? NO : NONE;
		}

	}

	private static final class Side {

		private final int[] indexes;

		private final Picker picker;

		private Side(int[] indexes, Picker picker) {
			this.indexes = indexes;
			this.picker = picker;
		}

		private int pick(long key) {
			return (indexes.length == 0) ? -1 : indexes[picker.pick(key)];
		}

	}

	/**
	 * Builds balancers for one target by its settings. Used by one thread at a time.
	 */
	static final class Builder {

		private final TargetSettings settings;

		private final RandomGenerator random;

		// A policy may remember whose key went where, which only another policy makes
		// worthless.
		private final Policy stablePolicy;

		private @Nullable Policy canaryPolicy;

		Builder(TargetSettings settings, RandomGenerator random) {
			this.settings = settings;
			this.random = random;
			this.stablePolicy = newPolicy();
		}

		private Builder(TargetSettings settings, Builder before) {
			this.settings = settings;
			this.random = before.random;
			this.stablePolicy = before.stablePolicy;
			this.canaryPolicy = before.canaryPolicy;
		}

		/**
		 * Returns a builder by other settings that goes on with the same policy, if it is
		 * the same.
		 */
		Builder with(TargetSettings next) {
			boolean samePolicy = next.policy() == settings.policy()
					&& next.policyOptions().equals(settings.policyOptions());
			return samePolicy ? new Builder(next, this) : new Builder(next, random);
		}

		/**
		 * Builds a balancer.
		 * @param all those that can be reached
		 * @param isIn whether a node is not taken out; of stable ones and of canaries,
		 * all are used when every one is out
		 */
		Balancer build(List<Member> all, Predicate<Node> isIn) {
			Predicate<Member> isCanary = (member) -> settings.canary().has(member.labels());
			List<Member> stable = usable(all, isCanary.negate(), isIn);
			List<Member> canary = usable(all, isCanary, isIn);
			List<Member> members = Stream.concat(stable.stream(), canary.stream()).toList();
			Map<Node, Integer> indexes = new HashMap<>();
			for (int i = 0; i < members.size(); i++) {
				indexes.put(members.get(i).node(), i);
			}
			if (!canary.isEmpty() && canaryPolicy == null) {
				canaryPolicy = newPolicy();
			}
			return new Balancer(members, side(stable, stablePolicy, indexes), side(canary, canaryPolicy, indexes),
					settings.canary().percent(), random);
		}

		private static List<Member> usable(List<Member> all, Predicate<Member> side, Predicate<Node> isIn) {
			List<Member> ofSide = all.stream().filter(side).toList();
			List<Member> usable = ofSide.stream().filter((member) -> isIn.test(member.node())).toList();
			return usable.isEmpty() ? ofSide : usable;
		}

		private Side side(List<Member> members, @Nullable Policy policy, Map<Node, Integer> indexes) {
			List<Node> nodes = settings.zone().nearest(members, Member::zone).stream().map(Member::node).toList();
			if (nodes.isEmpty() || policy == null) {
				return new Side(new int[0], (key) -> -1);
			}
			Picker picker = policy.picker(nodes);
			if (!settings.policy().goesByKey() && nodes.stream().anyMatch((node) -> node.warmUp() < 1)) {
				picker = new WarmUp(picker, nodes, random);
			}
			return new Side(nodes.stream().mapToInt((node) -> indexes.getOrDefault(node, 0)).toArray(), picker);
		}

		private Policy newPolicy() {
			return settings.policy().create(settings.policyOptions(), random);
		}

	}

}
