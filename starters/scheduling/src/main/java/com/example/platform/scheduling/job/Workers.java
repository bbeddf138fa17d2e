package com.example.platform.scheduling.job;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.grpc.Context;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads that work on the items of one run.
 *
 * @param <T> type of an item
 * @param run the run
 * @param items the items
 * @param work works on one
 */
record Workers<T>(JobRun run, Collection<T> items, Consumer<? super T> work) {

	private static final Duration LONGEST_END = Duration.ofSeconds(5);

	private static final long TOLD_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	void run(int workers) throws InterruptedException {
		ExecutorService threads = Executors.newFixedThreadPool(workers,
				new CustomizableThreadFactory(run.job() + "-worker-"));
		try {
			run(workers, new ExecutorCompletionService<>(threads));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RuntimeException failure) {
				throw failure;
			}
			throw new IllegalStateException(ex.getCause());
		}
		finally {
			threads.shutdownNow();
			// What they still do for the run, such as an effect, is over before it.
			var unused = threads.awaitTermination(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
		}
		run.progress(items.size(), items.size());
	}

	// Each that is done makes room for the next one.
	private void run(int workers, ExecutorCompletionService<Object> threads)
			throws InterruptedException, ExecutionException {
		Iterator<T> next = items.iterator();
		int underWay = 0;
		int done = 0;
		long told = System.nanoTime();
		while (next.hasNext() || underWay > 0) {
			while (underWay < workers && next.hasNext()) {
				T item = next.next();
				var unused = threads.submit(Context.current().wrap(() -> work.accept(item)), item);
				underWay++;
			}
			threads.take().get();
			underWay--;
			done++;
			if (System.nanoTime() - told > TOLD_EVERY_NANOS) {
				told = System.nanoTime();
				run.progress(done, items.size());
			}
		}
	}

}
