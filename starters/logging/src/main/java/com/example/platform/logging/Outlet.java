package com.example.platform.logging;

import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.recovery.RecoveryListener;
import ch.qos.logback.core.recovery.ResilientOutputStreamBase;
import org.jspecify.annotations.Nullable;

/**
 * An appender and the queue before it. A thread of its own takes lines from the queue; it
 * alone waits when the appender does. A line for which the queue has no room is dropped
 * and counted, which Logback's AsyncAppender does not do, nor does it bound memory.
 */
final class Outlet implements RecoveryListener {

	/** Bytes that a line takes beside its text, about. */
	private static final int LINE = 512;

	private static final int FRAME = 100;

	private static final Duration LOOK = Duration.ofMillis(20);

	private static final Duration RETRY = Duration.ofSeconds(1);

	private static final Duration TELL = Duration.ofSeconds(1);

	private static final Duration STALLED = Duration.ofSeconds(1);

	private static final int LONGEST_STOP = 10;

	private static final ILoggingEvent END = new LoggingEvent();

	private final Appender<ILoggingEvent> appender;

	private final Queue<ILoggingEvent> queue = new ConcurrentLinkedQueue<>();

	private final AtomicLong waiting = new AtomicLong();

	private final AtomicLong dropped = new AtomicLong();

	private final Thread worker;

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile long capacity;

	private volatile boolean stopped;

	private final AtomicLong written = new AtomicLong();

	// The rest belongs to the worker.
	private boolean failing;

	private @Nullable Object watched;

	private long told;

	// When there was last nothing left to tell.
	private long toldAt = System.nanoTime();

	Outlet(Appender<ILoggingEvent> appender) {
		this.appender = appender;
		if (appender instanceof ConsoleAppender<?> console
				&& ConsoleTarget.SystemOut.getName().equals(console.getTarget()) && !console.isWithJansi()) {
			console.setOutputStream(new StandardOutput(this));
		}
		this.worker = new Thread(this::run, "log-" + appender.getName());
		worker.setDaemon(true);
		worker.start();
	}

	String name() {
		return String.valueOf(appender.getName());
	}

	void setCapacity(long bytes) {
		capacity = bytes;
	}

	long dropped() {
		return dropped.get();
	}

	long waiting() {
		return waiting.get();
	}

	/**
	 * Takes a line, or drops it. A line that is larger than the queue has room when there
	 * is no other. What the appender itself logs goes to the other outlets only, since
	 * one line would bring the next.
	 */
	void offer(ILoggingEvent event) {
		if (Thread.currentThread() == worker) {
			return;
		}
		long weight = weight(event);
		long room = event.getLevel().isGreaterOrEqual(Level.WARN) ? capacity : capacity / 4 * 3;
		long before = waiting.getAndAdd(weight);
		if (before + weight > Math.max(room, weight)) {
			waiting.addAndGet(-weight);
			dropped.incrementAndGet();
			return;
		}
		queue.add(event);
		if (before < room / 8 && before + weight >= room / 8) {
			LockSupport.unpark(worker);
		}
	}

	private static long weight(ILoggingEvent event) {
		long weight = LINE + 2L * String.valueOf(event.getFormattedMessage()).length();
		for (IThrowableProxy thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
			weight += LINE + (long) FRAME * thrown.getStackTraceElementProxyArray().length;
		}
		return weight;
	}

	private void run() {
		for (ILoggingEvent event = next(); event != END; event = next()) {
			try {
				write(event);
			}
			catch (Error ex) {
				// A value that cannot say what it is must not end the log.
				dropped.incrementAndGet();
			}
			waiting.addAndGet(-weight(event));
		}
		appender.stop();
		ended.countDown();
	}

	// To be woken for each line would cost its caller more than all the rest.
	private ILoggingEvent next() {
		ILoggingEvent event = queue.poll();
		while (event == null) {
			LockSupport.parkNanos(LOOK.toNanos());
			// Only END ends this thread, whatever an appender does to it.
			Thread.interrupted();
			event = queue.poll();
		}
		return event;
	}

	private void write(ILoggingEvent event) {
		watch();
		appender.doAppend(event);
		while (isFailing() && !stopped) {
			LockSupport.parkNanos(RETRY.toNanos());
			if (watched != null) {
				// Logback spends a line on opening the file anew. When there is room
				// again, it may
				// have written the line by that, which then stands there twice.
				appender.doAppend(event);
			}
			appender.doAppend(event);
		}
		if (isFailing()) {
			dropped.incrementAndGet();
		}
		else {
			written.incrementAndGet();
			tell();
		}
	}

	// A file has another stream after each rollover.
	private void watch() {
		if (appender instanceof FileAppender<?> file && file.getOutputStream() != watched
				&& file.getOutputStream() instanceof ResilientOutputStreamBase stream) {
			stream.addRecoveryListener(this);
			watched = stream;
		}
	}

	private boolean isFailing() {
		return failing || !appender.isStarted();
	}

	@Override
	public void newFailure(IOException failure) {
		failing = true;
	}

	@Override
	public void recoveryOccured() {
		failing = false;
	}

	private void tell() {
		long now = System.nanoTime();
		long count = dropped.get() - told;
		if (count > 0 && !queue.isEmpty() && now - toldAt < TELL.toNanos()) {
			return;
		}
		if (count > 0) {
			Logger logger = ((LoggerContext) appender.getContext()).getLogger(Outlet.class);
			appender.doAppend(new LoggingEvent(Logger.FQCN, logger, Level.WARN,
					"%d log lines were dropped within %.1f s, because %s did not take them".formatted(count,
							(now - toldAt) / 1e9, name()),
					null, null));
			told += count;
		}
		toldAt = now;
	}

	/**
	 * Waits until the appender has taken all lines, and no longer than it goes on to take
	 * some.
	 */
	void stop() {
		if (stopped) {
			return;
		}
		queue.add(END);
		stopped = true;
		LockSupport.unpark(worker);
		try {
			for (int second = 0; second < LONGEST_STOP; second++) {
				long before = written.get();
				if (ended.await(STALLED.toNanos(), TimeUnit.NANOSECONDS) || written.get() == before) {
					return;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
