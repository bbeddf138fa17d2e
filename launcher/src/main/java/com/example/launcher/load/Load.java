package com.example.launcher.load;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;

/**
 * An open-loop load. Requests are due by a schedule that nobody can hold up, and their
 * times count from when they were due, not from when they were sent: what a server that
 * stalls does to those who come meanwhile is in the figures (no coordinated omission). A
 * request is sent late only if this process is too slow, which the result tells; it is
 * not sent only if too many are under way, which is counted.
 */
public final class Load {

	private static final double NANOS = 1e9;

	private final LoadOptions options;

	private final Connections connections;

	private final Supplier<Request> requests;

	private final DoubleSupplier gaps;

	private final Recording recording = new Recording();

	private final AtomicInteger underWay = new AtomicInteger();

	private final CountDownLatch over = new CountDownLatch(1);

	private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

	private final long started = System.nanoTime();

	private final Thread schedule = new Thread(this::send, "load-schedule");

	private volatile long stopped;

	/** Whether all that will be sent has been. */
	private volatile boolean scheduled;

	private volatile boolean stopping;

	private Load(Connections connections, LoadOptions options, Supplier<Request> requests, Random random) {
		this.connections = connections;
		this.options = options;
		this.requests = requests;
		double gap = NANOS / options.rps();
		this.gaps = options.poisson() ? () -> -Math.log(1 - random.nextDouble()) * gap : () -> gap;
	}

	/**
	 * Starts a load.
	 * @param connections where it goes
	 * @param options how much
	 * @param requests what is sent; is asked by one thread, and must not wait
	 * @param random tells when requests are due, if that is at random
	 */
	public static Load start(Connections connections, LoadOptions options, Supplier<Request> requests, Random random) {
		Load load = new Load(connections, options, requests, random);
		load.schedule.setDaemon(true);
		load.schedule.start();
		return load;
	}

	/**
	 * Waits until the load is over and what was sent has ended.
	 * @param eachSecond gets each second when it has passed, on this thread
	 * @return what became of it
	 */
	public LoadResult watch(Consumer<Second> eachSecond) {
		long second = 0;
		boolean ended;
		do {
			long end = started + TimeUnit.SECONDS.toNanos(++second);
			// What was sent in the last second belongs to it, if it ends soon.
			boolean last = second == options.time().toSeconds();
			ended = await(end + (last ? TimeUnit.SECONDS.toNanos(1) : 0) - System.nanoTime());
			second += last ? 1 : 0;
			eachSecond.accept(recording.endSecond(underWay.get()));
		}
		while (!ended);
		RuntimeException cause = failure.get();
		if (cause != null) {
			throw cause;
		}
		return recording.result(options, Duration.ofNanos(stopped - started));
	}

	/** Sends nothing more. What is under way goes on. */
	public void stop() {
		stopping = true;
		LockSupport.unpark(schedule);
	}

	private void send() {
		double sinceStart = 0;
		long time = options.time().toNanos();
		try {
			for (; Math.round(sinceStart) < time && !stopping; sinceStart += gaps.getAsDouble()) {
				long due = started + Math.round(sinceStart);
				sleepUntil(due);
				if (!stopping) {
					send(due);
				}
			}
			// It lasts as long as it says.
			sleepUntil(started + time);
		}
		catch (RuntimeException ex) {
			failure.set(ex);
		}
		finally {
			stopped = System.nanoTime();
			scheduled = true;
			endIfNothingIsLeft();
		}
	}

	private void sleepUntil(long moment) {
		for (long rest = moment - System.nanoTime(); rest > 0 && !stopping; rest = moment - System.nanoTime()) {
			LockSupport.parkNanos(this, rest);
		}
	}

	private void send(long due) {
		if (underWay.get() >= options.underWay()) {
			recording.notSent();
			return;
		}
		Request request = requests.get();
		underWay.incrementAndGet();
		recording.sent();
		var unused = connections.send(request, due).thenAccept((answer) -> {
			recording.ended(answer);
			underWay.decrementAndGet();
			endIfNothingIsLeft();
		});
	}

	private void endIfNothingIsLeft() {
		if (scheduled && underWay.get() == 0) {
			over.countDown();
		}
	}

	private boolean await(long nanos) {
		try {
			return over.await(nanos, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			stop();
			throw new LocalSystemException("Interrupted while the load went on.", ex);
		}
	}

}
