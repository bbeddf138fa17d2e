package com.example.systemtests;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import com.example.launcher.load.Answer;
import com.example.launcher.load.Connections;
import com.example.launcher.load.Load;
import com.example.launcher.load.LoadOptions;
import com.example.launcher.load.LoadResult;
import com.example.launcher.load.Request;

/**
 * Requests at a fixed rate until it is finished, as {@code ./dev load} sends them, each
 * with a tag of its own and accounted for. While {@value #MOST_UNDER_WAY} await their
 * answers, further ones are held back and counted: what is to be seen is what a fault
 * costs, not how long a queue grows on a machine that is too slow for the rate.
 */
final class SteadyLoad implements AutoCloseable {

	private static final int MOST_UNDER_WAY = 24;

	private static final Duration UNTIL_FINISHED = Duration.ofDays(1);

	private static final Connections CONNECTIONS = new Connections(RunningSystem.gateway(), Http.TIMEOUT);

	private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

	private final AtomicInteger answered = new AtomicInteger();

	private final Load load;

	private SteadyLoad(Connections connections, int perSecond, Set<Integer> expected,
			Function<String, Request> request) {
		this.load = Load.start(connections, new LoadOptions(perSecond, false, UNTIL_FINISHED, MOST_UNDER_WAY), () -> {
			String tag = UUID.randomUUID().toString();
			return request.apply(tag).with("X-Request-Id", tag).whenAnswered((answer) -> {
				outcomes.add(new Outcome(tag, answer.due(), answer.time(), problem(answer, expected)));
				answered.incrementAndGet();
			});
		}, new Random());
	}

	/** Starts to send. */
	static SteadyLoad of(int perSecond, Set<Integer> expected, Supplier<Request> request) {
		return of(perSecond, expected, (tag) -> request.get());
	}

	/**
	 * Starts to send requests by which their effects can be told apart later.
	 * @param request makes a request that carries the given tag, which no other carries
	 */
	static SteadyLoad of(int perSecond, Set<Integer> expected, Function<String, Request> request) {
		return new SteadyLoad(CONNECTIONS, perSecond, expected, request);
	}

	/** Starts to send to another gateway than that of the running system. */
	static SteadyLoad to(Connections gateway, int perSecond, Set<Integer> expected, Supplier<Request> request) {
		return new SteadyLoad(gateway, perSecond, expected, (tag) -> request.get());
	}

	private static String problem(Answer answer, Set<Integer> expected) {
		return expected.contains(answer.status()) ? "" : (answer.outcome() + " " + answer.body()).strip();
	}

	/** Number of requests answered so far. */
	int answered() {
		return answered.get();
	}

	/** Ends the load and waits for the last answer. */
	Result finish() {
		close();
		LoadResult result = load.watch((second) -> {
		});
		return new Result(List.copyOf(outcomes), (int) result.notSent());
	}

	@Override
	public void close() {
		load.stop();
	}

	/**
	 * What became of a request.
	 *
	 * @param tag what it carried
	 * @param started when it was due, as {@link System#nanoTime()} tells
	 * @param time how long its answer took
	 * @param problem what was wrong with the answer; empty if nothing was
	 */
	record Outcome(String tag, long started, Duration time, String problem) {

		boolean failed() {
			return !problem.isEmpty();
		}

		@Override
		public String toString() {
			return "%s after %d ms: %s".formatted(tag, time.toMillis(), problem);
		}

	}

	/**
	 * What became of the requests.
	 *
	 * @param outcomes of each that was sent
	 * @param heldBack how many were not
	 */
	record Result(List<Outcome> outcomes, int heldBack) {

		int sent() {
			return outcomes.size();
		}

		List<Outcome> failures() {
			return outcomes.stream().filter(Outcome::failed).toList();
		}

		Duration longest() {
			return outcomes.stream().map(Outcome::time).max(Comparator.naturalOrder()).orElseThrow();
		}

		@Override
		public String toString() {
			List<Duration> times = outcomes.stream().map(Outcome::time).sorted().toList();
			return "%d requests, %d held back, %d failed, median %d ms, p99 %d ms, longest %d ms".formatted(sent(),
					heldBack, failures().size(), times.get(times.size() / 2).toMillis(),
					times.get(times.size() * 99 / 100).toMillis(), times.get(times.size() - 1).toMillis());
		}

	}

}
