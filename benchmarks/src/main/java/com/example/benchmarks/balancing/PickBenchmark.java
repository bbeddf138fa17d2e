package com.example.benchmarks.balancing;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to choose an instance for one call.
 *
 * <p>
 * {@link #choose} is the choice alone, {@link #call} with what is noted of the call. For
 * this project's policies that is everything that its code does for a call that succeeds,
 * whatever the policy needs of it: hash the key where there is one, choose, count the
 * call in flight, note the time of the answer, count the call out. The clock is read for
 * beginning and answer. Only the object in which gRPC or Spring Cloud carries the call is
 * left out. For Spring Cloud LoadBalancer it is the choice alone, which knows nothing of
 * calls, and for gRPC's policies the choice and the tracer of those that count calls.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
// Reactor's operators, below Spring Cloud LoadBalancer, take seconds to be compiled.
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class PickBenchmark {

	private static final int KEYS = 1024;

	/**
	 * The policy.
	 */
	@Param({ "least-request", "Spring Cloud round robin" })
	public String policy = "";

	/**
	 * The number of instances.
	 */
	@Param("10")
	public int instances;

	@SuppressWarnings("NullAway.Init") // set up before it is used
	private Caller caller;

	/**
	 * Makes the fleet and its caller.
	 */
	@Setup
	public void setUp() {
		caller = Contender.named(policy)
			.maker()
			.make(Contender.fleet(instances), System::nanoTime, () -> ThreadLocalRandom.current().nextLong());
	}

	/**
	 * Chooses an instance.
	 * @param requests the calls of one thread
	 * @return the chosen instance
	 */
	@Benchmark
	public Object choose(Requests requests) {
		return caller.choose(requests.next());
	}

	/**
	 * Makes a call.
	 * @param requests the calls of one thread
	 * @return the chosen instance
	 */
	@Benchmark
	public Object call(Requests requests) {
		return caller.call(requests.next());
	}

	/**
	 * The calls of one thread, about different keys.
	 */
	@State(Scope.Thread)
	public static class Requests {

		private final Request[] requests = IntStream.range(0, KEYS)
			.mapToObj((i) -> new Request("user-" + i))
			.toArray(Request[]::new);

		private int next;

		private Request next() {
			return requests[next++ & (KEYS - 1)];
		}

	}

}
