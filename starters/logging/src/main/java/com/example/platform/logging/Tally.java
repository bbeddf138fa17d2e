package com.example.platform.logging;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import ch.qos.logback.classic.spi.CallerData;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * What is known of one kind of failure.
 */
final class Tally {

	private static final int LONGEST_MESSAGE = 500;

	private static final int REPEATED = -1;

	private final Instant first;

	private Instant last;

	private long count;

	private String message = "";

	private Map<String, String> context = Map.of();

	private @Nullable Instant traced;

	private int untraced;

	Tally(ILoggingEvent first) {
		this.first = time(first);
		this.last = this.first;
	}

	private static Instant time(ILoggingEvent event) {
		return Instant.ofEpochMilli(event.getTimeStamp());
	}

	synchronized long count() {
		return count;
	}

	synchronized Instant last() {
		return last;
	}

	synchronized Failure view(String type, String place) {
		return new Failure(type, place, count, first, last, message, context);
	}

	/**
	 * Counts an event.
	 * @param cause what the kind's type was taken from
	 * @param interval time in which a stack trace is logged once
	 * @return what is to be logged: the event itself, or one without the stack trace, or
	 * one that says how many were without it
	 */
	ILoggingEvent counted(ILoggingEvent event, @Nullable IThrowableProxy cause, Duration interval) {
		// Before the lock is taken, since it may run code of the application.
		String text = String.valueOf(event.getFormattedMessage());
		int since = count(event, text, cause != null, interval);
		if (since == REPEATED && cause != null) {
			return copy(event, "%s [%s: %s; its stack trace was logged before]".formatted(text, cause.getClassName(),
					beginning(String.valueOf(cause.getMessage()))), null);
		}
		if (since > 0 && event.getThrowableProxy() instanceof ThrowableProxy thrown) {
			return copy(event, "%s [%d more since its stack trace was last logged]".formatted(text, since), thrown);
		}
		return event;
	}

	private synchronized int count(ILoggingEvent event, String text, boolean trace, Duration interval) {
		count++;
		last = time(event);
		message = beginning(text);
		context = event.getMDCPropertyMap();
		// A clock that was set back must not silence the traces.
		if (trace && traced != null && !last.isBefore(traced) && last.isBefore(traced.plus(interval))) {
			untraced++;
			return REPEATED;
		}
		int since = untraced;
		untraced = 0;
		traced = last;
		return since;
	}

	private static String beginning(String text) {
		return StringUtils.truncate(text, LONGEST_MESSAGE);
	}

	private static LoggingEvent copy(ILoggingEvent event, String message, @Nullable ThrowableProxy thrown) {
		LoggingEvent copy = new LoggingEvent();
		copy.setLoggerContextRemoteView(event.getLoggerContextVO());
		copy.setLoggerName(event.getLoggerName());
		copy.setLevel(event.getLevel());
		copy.setTimeStamp(event.getTimeStamp());
		copy.setSequenceNumber(event.getSequenceNumber());
		copy.setThreadName(event.getThreadName());
		copy.setMDCPropertyMap(event.getMDCPropertyMap());
		copy.setMessage(message);
		copy.setCallerData(event.hasCallerData() ? event.getCallerData() : CallerData.EMPTY_CALLER_DATA_ARRAY);
		if (event.getMarkerList() != null) {
			event.getMarkerList().forEach(copy::addMarker);
		}
		copy.setKeyValuePairs(event.getKeyValuePairs());
		if (thrown != null) {
			copy.setThrowableProxy(thrown);
		}
		return copy;
	}

}
