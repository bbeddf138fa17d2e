package com.example.systemtests;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Requests at a fixed rate, whether or not earlier ones have been answered, each
 * accounted for.
 */
final class SteadyLoad implements AutoCloseable {

	private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

	private final Queue<CompletableFuture<?>> requests = new ConcurrentLinkedQueue<>();

	private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

	private final AtomicInteger answered = new AtomicInteger();

	private SteadyLoad() {
	}

	/** Starts to send. */
	static SteadyLoad of(int perSecond, int expectedStatus, Supplier<HttpRequest.Builder> request) {
		SteadyLoad load = new SteadyLoad();
		var unused = load.clock.scheduleAtFixedRate(() -> load.send(request.get(), expectedStatus), 0,
				TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
		return load;
	}

	private void send(HttpRequest.Builder request, int expectedStatus) {
		long started = System.nanoTime();
		requests.add(Http.sendAsync(request).handle((response, failure) -> {
			String problem = problem(response, failure, expectedStatus);
			outcomes.add(new Outcome(Duration.ofNanos(System.nanoTime() - started), problem));
			return answered.incrementAndGet();
		}));
	}

	private static String problem(HttpResponse<String> response, Throwable failure, int expectedStatus) {
		if (failure != null) {
			return failure.toString();
		}
		return (response.statusCode() == expectedStatus) ? "" : response.statusCode() + " " + response.body();
	}

	/** Number of requests answered so far. */
	int answered() {
		return answered.get();
	}

	/** Ends the load and waits for the last answer. */
	Result finish() {
		close();
		CompletableFuture.allOf(requests.toArray(CompletableFuture<?>[]::new)).join();
		return new Result(List.copyOf(outcomes));
	}

	@Override
	public void close() {
		clock.shutdown();
	}

	private record Outcome(Duration time, String problem) {
	}

	/** What became of the requests. */
	record Result(List<Outcome> outcomes) {

		int sent() {
			return outcomes.size();
		}

		List<String> failures() {
			return outcomes.stream().map(Outcome::problem).filter((problem) -> !problem.isEmpty()).toList();
		}

		@Override
		public String toString() {
			List<Duration> times = outcomes.stream().map(Outcome::time).sorted().toList();
			return "%d requests, %d failed, median %d ms, p99 %d ms, longest %d ms".formatted(sent(), failures().size(),
					times.get(times.size() / 2).toMillis(), times.get(times.size() * 99 / 100).toMillis(),
					times.get(times.size() - 1).toMillis());
		}

	}

}
