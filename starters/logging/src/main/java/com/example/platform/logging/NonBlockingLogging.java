package com.example.platform.logging;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * A log for whose outputs nobody waits: before each appender that Logback has, whoever
 * configured it, stands a bounded queue. Failures are counted before they enter it.
 */
public final class NonBlockingLogging implements MeterBinder {

	private final Failures failures = new Failures();

	private final Map<Appender<ILoggingEvent>, Outlet> outlets = new HashMap<>();

	private NonBlockingLogging() {
	}

	/**
	 * Changes Logback's appenders, unless that is done.
	 * @param context Logback as it is configured by now
	 * @param settings count if it is not done yet
	 * @return what stands before the appenders
	 */
	public static synchronized NonBlockingLogging install(LoggerContext context, LoggingSettings settings) {
		String name = NonBlockingLogging.class.getName();
		if (context.getObject(name) instanceof NonBlockingLogging installed) {
			return installed;
		}
		NonBlockingLogging logging = new NonBlockingLogging();
		context.getLoggerList().forEach((logger) -> logging.standBefore(logger, context));
		logging.configure(settings);
		// It would look for the jar of each frame of each stack trace while the caller
		// waits.
		context.setPackagingDataEnabled(false);
		context.putObject(name, logging);
		return logging;
	}

	private void standBefore(Logger logger, LoggerContext context) {
		List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
		logger.iteratorForAppenders().forEachRemaining(appenders::add);
		if (appenders.isEmpty()) {
			return;
		}
		// An event that goes on to the parent's appenders is counted there.
		boolean last = !logger.isAdditive() || logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME);
		NonBlockingAppender front = new NonBlockingAppender(
				appenders.stream().map((appender) -> outlets.computeIfAbsent(appender, Outlet::new)).toList(),
				last ? failures::counted : (event) -> event);
		front.setContext(context);
		front.setName("non-blocking");
		front.start();
		logger.addAppender(front);
		appenders.forEach(logger::detachAppender);
	}

	/**
	 * Obeys other settings from now on.
	 * @param settings the new ones
	 */
	public void configure(LoggingSettings settings) {
		outlets.values().forEach((outlet) -> outlet.setCapacity(settings.queueSize().toBytes()));
		failures.setStackTraceInterval(settings.stackTraceInterval());
	}

	/**
	 * Returns the failures of this process.
	 * @return where they are counted
	 */
	public Failures failures() {
		return failures;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		failures.bindTo(registry);
		for (Outlet outlet : outlets.values()) {
			FunctionCounter.builder("platform.logging.dropped", outlet, Outlet::dropped)
				.description("Lines that were dropped, since the output did not take them")
				.tag("output", outlet.name())
				.register(registry);
			Gauge.builder("platform.logging.queue", outlet, Outlet::waiting)
				.description("Memory of the lines that wait for the output")
				.baseUnit("bytes")
				.tag("output", outlet.name())
				.register(registry);
		}
	}

}
