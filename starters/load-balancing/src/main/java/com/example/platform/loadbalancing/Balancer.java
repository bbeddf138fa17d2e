package com.example.platform.loadbalancing;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import com.example.platform.discovery.ServiceEndpoint;
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
 *
 * @param <T> how an instance is reached
 */
public final class Balancer<T> {

	// Separates the share of canaries from the choice of the node by the same key.
	private static final long CANARY_SALT = 0x5851f42d4c957f2dL;

	private final List<Member<T>> members;

	private final Side<T> stable;

	private final Side<T> canary;

	// Of 2^32.
	private final long canaryShare;

	private final RandomGenerator random;

	private Balancer(List<Member<T>> members, Side<T> stable, Side<T> canary, double canaryPercent,
			RandomGenerator random) {
		this.members = members;
		this.stable = stable;
		this.canary = canary;
		this.canaryShare = (long) (canaryPercent / 100 * (1L << 32));
		this.random = random;
	}

	/**
	 * Tells whether there is no instance at all.
	 * @return whether nothing can be picked
	 */
	public boolean isEmpty() {
		return members.isEmpty();
	}

	/**
	 * Chooses an instance for a call.
	 * @param key hash of the call's key, {@link Hash#NO_KEY} for none
	 * @param wish whether the call asks for a canary
	 * @return the instance; {@code null} when there is none at all
	 */
	public @Nullable Member<T> pick(long key, CanaryWish wish) {
		return side(key, wish).pick(key);
	}

	/**
	 * Chooses an instance for a call that is repeated: by policy among those it would
	 * have chosen from anyway, else any other.
	 * @param key hash of the call's key, {@link Hash#NO_KEY} for none
	 * @param wish whether the call asks for a canary
	 * @param tried where it was sent before
	 * @return the instance, one that was tried only when there is no other; {@code null}
	 * when there is none at all
	 */
	public @Nullable Member<T> pick(long key, CanaryWish wish, Set<Node> tried) {
		Side<T> side = side(key, wish);
		Member<T> chosen = side.pick(key);
		// A key, and a policy that looks at load, may stay with the same node for ever.
		for (int i = 0; i < side.members.size() && chosen != null && tried.contains(chosen.node); i++) {
			chosen = side.pick(Hash.NO_KEY);
		}
		if (chosen == null || !tried.contains(chosen.node)) {
			return chosen;
		}
		int start = random.nextInt(members.size());
		return Stream.of(side.members, members.subList(start, members.size()), members.subList(0, start))
			.flatMap(List::stream)
			.filter((member) -> !tried.contains(member.node))
			.findFirst()
			.orElse(chosen);
	}

	private Side<T> side(long key, CanaryWish wish) {
		if (canary.members.isEmpty()) {
			return stable;
		}
		if (stable.members.isEmpty()) {
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
	 * An instance that can be reached.
	 *
	 * @param <T> how an instance is reached
	 * @param node what is known of its load
	 * @param endpoint what is known of it in the registry
	 * @param destination how it is reached, such as by a connection that is open
	 */
	public record Member<T>(Node node, ServiceEndpoint endpoint, T destination) {
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

	private record Side<T>(List<Member<T>> members, Picker picker) {

		private @Nullable Member<T> pick(long key) {
			return members.isEmpty() ? null : members.get(picker.pick(key));
		}

	}

	/**
	 * Builds balancers for one service by its settings. Used by one thread at a time.
	 */
	static final class Builder {

		private final BalancingSettings settings;

		private final RandomGenerator random;

		// A policy may remember whose key went where, which only another policy makes
		// worthless.
		private final Policy stablePolicy;

		private @Nullable Policy canaryPolicy;

		Builder(BalancingSettings settings, RandomGenerator random) {
			this.settings = settings;
			this.random = random;
			this.stablePolicy = newPolicy();
		}

		private Builder(BalancingSettings settings, Builder before) {
			this.settings = settings;
			this.random = before.random;
			this.stablePolicy = before.stablePolicy;
			this.canaryPolicy = before.canaryPolicy;
		}

		/**
		 * Returns a builder by other settings that goes on with the same policy, if it is
		 * the same.
		 */
		Builder with(BalancingSettings next) {
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
		<T> Balancer<T> build(List<Member<T>> all, Predicate<Node> isIn) {
			Predicate<Member<T>> isCanary = (member) -> settings.canary().has(member.endpoint.metadata());
			List<Member<T>> stable = usable(all, isCanary.negate(), isIn);
			List<Member<T>> canary = usable(all, isCanary, isIn);
			if (!canary.isEmpty() && canaryPolicy == null) {
				canaryPolicy = newPolicy();
			}
			return new Balancer<>(Stream.concat(stable.stream(), canary.stream()).toList(), side(stable, stablePolicy),
					side(canary, canaryPolicy), settings.canary().percent(), random);
		}

		private static <T> List<Member<T>> usable(List<Member<T>> all, Predicate<Member<T>> side,
				Predicate<Node> isIn) {
			List<Member<T>> ofSide = all.stream().filter(side).toList();
			List<Member<T>> usable = ofSide.stream().filter((member) -> isIn.test(member.node)).toList();
			return usable.isEmpty() ? ofSide : usable;
		}

		private <T> Side<T> side(List<Member<T>> usable, @Nullable Policy policy) {
			if (usable.isEmpty() || policy == null) {
				return new Side<>(List.of(), (key) -> -1);
			}
			List<Member<T>> near = settings.zone().nearest(usable, (member) -> Subset.zone(member.endpoint));
			List<Node> nodes = near.stream().map(Member::node).toList();
			Picker picker = policy.picker(nodes);
			if (!settings.policy().goesByKey() && nodes.stream().anyMatch((node) -> node.warmUp() < 1)) {
				picker = new WarmUp(picker, nodes, random);
			}
			return new Side<>(near, picker);
		}

		private Policy newPolicy() {
			return settings.policy().create(settings.policyOptions(), random);
		}

	}

}
