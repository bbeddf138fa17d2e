package com.example.platform.logging;

import java.util.List;
import java.util.function.UnaryOperator;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;

/**
 * Hands log lines over to outlets. It does, in the thread that logs, what only that
 * thread can do.
 */
final class NonBlockingAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

	private final List<Outlet> outlets;

	private final UnaryOperator<ILoggingEvent> intake;

	NonBlockingAppender(List<Outlet> outlets, UnaryOperator<ILoggingEvent> intake) {
		this.outlets = outlets;
		this.intake = intake;
	}

	@Override
	protected void append(ILoggingEvent event) {
		ILoggingEvent taken = intake.apply(event);
		taken.prepareForDeferredProcessing();
		outlets.forEach((outlet) -> outlet.offer(taken));
	}

	/**
	 * Counts as started to the end: what threads log meanwhile must not end in a warning
	 * on a standard error that nobody reads.
	 */
	@Override
	public void stop() {
		outlets.forEach(Outlet::stop);
		super.stop();
	}

}
