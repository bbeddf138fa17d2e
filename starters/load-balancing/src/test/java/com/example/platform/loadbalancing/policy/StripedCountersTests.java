package com.example.platform.loadbalancing.policy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StripedCountersTests {

	private static final int THREADS = 16;

	private static final int TIMES = 20_000;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void stop() {
		threads.shutdownNow();
	}

	@Test
	void noIncrementOfAnyThreadIsLost() throws Exception {
		StripedCounters counters = new StripedCounters();
		inAllThreads(() -> {
			counters.increment(0);
			counters.increment(1);
			counters.increment(1);
		});
		assertThat(counters.sum(0)).isEqualTo((long) THREADS * TIMES);
		assertThat(counters.sum(1)).isEqualTo(2L * THREADS * TIMES);
	}

	// A call ends in another thread than it began, as gRPC's do.
	@Test
	void callsInFlightAreNeverBelowZeroNorAboveThoseUnderWay() throws Exception {
		Node node = new Node("a", System::nanoTime);
		AtomicBoolean done = new AtomicBoolean();
		Future<Boolean> watch = threads.submit(() -> {
			boolean right = true;
			while (!done.get()) {
				right &= node.inFlight() >= 0;
			}
			return right;
		});
		CountDownLatch ended = new CountDownLatch(THREADS * TIMES);
		inAllThreads(() -> {
			node.started();
			threads.execute(() -> {
				node.succeeded();
				ended.countDown();
			});
		});
		ended.await();
		done.set(true);
		assertThat(watch.get()).isTrue();
		assertThat(node.inFlight()).isZero();
		assertThat(node.picks()).isEqualTo((long) THREADS * TIMES).isEqualTo(node.outcomes());
	}

	@Test
	void turnsOfManyThreadsAreEvenButForOneOfEachStripe() throws Exception {
		Turns turns = new Turns(() -> 42);
		StripedCounters taken = new StripedCounters();
		inAllThreads(() -> taken.increment(turns.next(7)));
		List<Long> sums = IntStream.range(0, 7).mapToObj(taken::sum).collect(Collectors.toList());
		assertThat(sums)
			.allSatisfy((sum) -> assertThat(sum).isBetween(THREADS * TIMES / 7L - 8, THREADS * TIMES / 7L + 8));
	}

	private void inAllThreads(Runnable task) throws Exception {
		List<Future<?>> running = IntStream.range(0, THREADS)
			.<Future<?>>mapToObj((i) -> threads.submit(() -> IntStream.range(0, TIMES).forEach((time) -> task.run())))
			.toList();
		for (Future<?> each : running) {
			each.get();
		}
	}

}
