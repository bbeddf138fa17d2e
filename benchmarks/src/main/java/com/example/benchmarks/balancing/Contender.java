package com.example.benchmarks.balancing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.LongToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;

/**
 * A policy of this project, or one that others bring, run by their own code.
 *
 * @param name as tables show it
 * @param own whether it is this project's
 * @param affine whether it keeps a key on its instance
 * @param maker makes a caller
 */
record Contender(String name, boolean own, boolean affine, Maker maker) {

	static final Contender SPRING_CLOUD_ROUND_ROBIN = peer("Spring Cloud round robin", SpringCloudCaller::roundRobin);

	private static final List<Contender> PEERS = List.of(SPRING_CLOUD_ROUND_ROBIN,
			peer("Spring Cloud random", SpringCloudCaller::random), grpc("round_robin", "round_robin", false),
			grpc("weighted_round_robin", "weighted_round_robin", false),
			grpc("least_request", "least_request_experimental", false),
			grpc("ring_hash", "ring_hash_experimental", true));

	/**
	 * Returns this project's policies.
	 * @param ejection whether failing instances are taken out
	 * @return a contender for each
	 */
	static List<Contender> own(boolean ejection) {
		return Arrays.stream(PolicyName.values())
			.map((policy) -> of(policy, PolicyOptions.DEFAULTS, ejection))
			.toList();
	}

	/**
	 * Returns the policies that Spring Cloud and gRPC bring.
	 * @return a contender for each
	 */
	static List<Contender> peers() {
		return PEERS;
	}

	/**
	 * Returns all policies, this project's with ejection.
	 * @return this project's, then the others
	 */
	static List<Contender> all() {
		return Stream.concat(own(true).stream(), PEERS.stream()).toList();
	}

	/**
	 * Returns hashes to compare with, which are good for nothing but their keys.
	 * @return DxHash for fleets of all sizes, Maglev, and the remainder of a division
	 */
	static List<Contender> hashes() {
		Contender sparse = of(PolicyName.CONSISTENT_HASH, new PolicyOptions(0, 0), false);
		return List.of(new Contender("DxHash alone", false, true, sparse.maker()),
				hash("Maglev, 65,537 slots", (fleet) -> new Maglev(fleet, 65_537)),
				hash("Maglev, 655,373 slots", (fleet) -> new Maglev(fleet, 655_373)),
				hash("modulo", (fleet) -> (key) -> (int) Long.remainderUnsigned(key, fleet.size())));
	}

	/**
	 * Finds a policy.
	 * @param name as tables show it
	 * @return the policy
	 */
	static Contender named(String name) {
		return all().stream().filter((contender) -> contender.name().equals(name)).findFirst().orElseThrow();
	}

	static String label(PolicyName name) {
		return name.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Contender of(PolicyName policy, PolicyOptions options, boolean ejection) {
		return new Contender(label(policy), true, policy.goesByKey(), (fleet, nanoTime,
				random) -> new CalledServiceCaller(policy, options, ejection, fleet, nanoTime, random));
	}

	private static Contender peer(String name, Function<List<Instance>, Caller> create) {
		return new Contender(name, false, false, (fleet, nanoTime, random) -> create.apply(fleet));
	}

	private static Contender grpc(String name, String policy, boolean affine) {
		return new Contender("gRPC " + name, false, affine, (fleet, nanoTime, random) -> new GrpcCaller(policy, fleet));
	}

	private static Contender hash(String name, Function<List<Instance>, LongToIntFunction> create) {
		return new Contender(name, false, true,
				(fleet, nanoTime, random) -> new HashCaller(fleet, create.apply(fleet)));
	}

	/**
	 * Makes a fleet of equal instances.
	 * @param size the number of instances
	 * @return the instances
	 */
	static List<Instance> fleet(int size) {
		return IntStream.range(0, size).mapToObj((id) -> new Instance(id, 1)).toList();
	}

	/**
	 * One of a fleet.
	 *
	 * @param id its number, from 0
	 * @param weight its weight, of which only this project's policies know
	 */
	record Instance(int id, int weight) {
	}

	/**
	 * Makes a caller.
	 */
	@FunctionalInterface
	interface Maker {

		/**
		 * Makes a caller that knows nothing yet.
		 * @param fleet the instances to call
		 * @param nanoTime a clock like {@link System#nanoTime()}
		 * @param random source of randomness; the others have their own
		 * @return the caller
		 */
		Caller make(List<Instance> fleet, LongSupplier nanoTime, RandomGenerator random);

	}

}
