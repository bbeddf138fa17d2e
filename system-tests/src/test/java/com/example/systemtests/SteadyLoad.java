package com.example.systemtests;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Requests at a fixed rate, whether or not earlier ones have been answered, each with a
 * tag of its own and accounted for. While {@value #MOST_IN_FLIGHT} await their answers,
 * further ones are held back and counted: what is to be seen is what a fault costs, not
 * how long a queue grows on a machine that is too slow for the rate.
 */
final class SteadyLoad implements AutoCloseable {

	private static final int MOST_IN_FLIGHT = 24;

	private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

	private final Queue<CompletableFuture<?>> requests = new ConcurrentLinkedQueue<>();

	private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

	private final AtomicInteger answered = new AtomicInteger();

	private final AtomicInteger sent = new AtomicInteger();

	private final AtomicInteger heldBack = new AtomicInteger();

	private SteadyLoad() {
	}

	/** Starts to send. */
	static SteadyLoad of(int perSecond, Set<Integer> expected, Supplier<HttpRequest.Builder> request) {
		return of(perSecond, expected, (tag) -> request.get());
	}

	/**
	 * Starts to send requests by which their effects can be told apart later.
	 * @param request makes a request that carries the given tag, which no other carries
	 */
	static SteadyLoad of(int perSecond, Set<Integer> expected, Function<String, HttpRequest.Builder> request) {
		SteadyLoad load = new SteadyLoad();
		var unused = load.clock.scheduleAtFixedRate(() -> load.send(UUID.randomUUID().toString(), request, expected), 0,
				TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
		return load;
	}

	private void send(String tag, Function<String, HttpRequest.Builder> requestOf, Set<Integer> expected) {
		if (sent.get() - answered.get() >= MOST_IN_FLIGHT) {
			heldBack.incrementAndGet();
			return;
		}
		sent.incrementAndGet();
		HttpRequest.Builder request = requestOf.apply(tag).header("X-Request-Id", tag);
		long started = System.nanoTime();
		requests.add(Http.sendAsync(request).handle((response, failure) -> {
			String problem = problem(response, failure, expected);
			outcomes.add(new Outcome(tag, started, Duration.ofNanos(System.nanoTime() - started), problem));
			return answered.incrementAndGet();
		}));
	}

	private static String problem(HttpResponse<String> response, Throwable failure, Set<Integer> expected) {
		if (failure != null) {
			return failure.toString();
		}
		return expected.contains(response.statusCode()) ? "" : response.statusCode() + " " + response.body();
	}

	/** Number of requests answered so far. */
	int answered() {
		return answered.get();
	}

	/** Ends the load and waits for the last answer. */
	Result finish() {
		close();
		CompletableFuture.allOf(requests.toArray(CompletableFuture<?>[]::new)).join();
		return new Result(List.copyOf(outcomes), heldBack.get());
	}

	@Override
	public void close() {
		clock.shutdown();
	}

	/**
	 * What became of a request.
	 *
	 * @param tag what it carried
	 * @param started when it was sent, as {@link System#nanoTime()} tells
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
