package com.example.platform.logging;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The warnings and errors that a process has logged, counted by kind. Of more than
 * {@value #MOST_KINDS} kinds, the one that was last seen longest ago is forgotten. Safe
 * for use by many threads; none waits for another's input or output.
 */
public final class Failures {

	static final int MOST_KINDS = 200;

	private static final String METER = "platform.logging.failures";

	private final Map<Kind, Tally> tallies = new ConcurrentHashMap<>();

	private volatile List<String> application = List.of();

	private volatile Duration stackTraceInterval = Duration.ZERO;

	private volatile @Nullable MeterRegistry meters;

	/**
	 * Says what is the application's own code.
	 * @param packages its base packages
	 */
	public void setApplication(List<String> packages) {
		application = packages.stream().map((name) -> name + ".").toList();
	}

	void setStackTraceInterval(Duration interval) {
		stackTraceInterval = interval;
	}

	void bindTo(MeterRegistry registry) {
		meters = registry;
		tallies.forEach((kind, tally) -> register(registry, kind, tally));
	}

	/**
	 * Lists what was counted.
	 * @return a copy, the latest first
	 */
	public List<Failure> list() {
		return tallies.entrySet()
			.stream()
			.map((entry) -> entry.getValue().view(entry.getKey().type, entry.getKey().place))
			.sorted(Comparator.comparing(Failure::last).reversed())
			.toList();
	}

	/**
	 * Counts an event, if it is a failure.
	 * @return what is to be logged of it
	 */
	ILoggingEvent counted(ILoggingEvent event) {
		if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
			return event;
		}
		Cause cause = cause(event);
		Tally tally = tallies.get(cause.kind);
		return ((tally != null) ? tally : added(cause.kind, event)).counted(event, cause.thrown, stackTraceInterval);
	}

	private Tally added(Kind kind, ILoggingEvent event) {
		Tally tally = tallies.computeIfAbsent(kind, (added) -> new Tally(event));
		MeterRegistry registry = meters;
		if (registry != null) {
			register(registry, kind, tally);
		}
		if (tallies.size() > MOST_KINDS) {
			tallies.entrySet()
				.stream()
				.filter((entry) -> entry.getValue() != tally)
				.min(Comparator.comparing((entry) -> entry.getValue().last()))
				.ifPresent((oldest) -> forget(oldest.getKey()));
		}
		return tally;
	}

	private void forget(Kind kind) {
		tallies.remove(kind);
		MeterRegistry registry = meters;
		if (registry != null) {
			registry.find(METER).tags("type", kind.type, "place", kind.place).meters().forEach(registry::remove);
		}
	}

	private static void register(MeterRegistry registry, Kind kind, Tally tally) {
		FunctionCounter.builder(METER, tally, Tally::count)
			.description("Warnings and errors that were logged")
			.tags("type", kind.type, "place", kind.place)
			.register(registry);
	}

	private Cause cause(ILoggingEvent event) {
		IThrowableProxy cause = event.getThrowableProxy();
		if (cause == null) {
			return new Cause(null, new Kind(event.getLevel().toString(), event.getLoggerName()));
		}
		String place = own(cause);
		for (IThrowableProxy next = cause.getCause(); next != null; next = next.getCause()) {
			cause = next;
			String own = own(cause);
			place = (own != null) ? own : place;
		}
		if (place == null) {
			StackTraceElementProxy[] frames = cause.getStackTraceElementProxyArray();
			place = (frames.length > 0) ? place(frames[0].getStackTraceElement()) : event.getLoggerName();
		}
		return new Cause(cause, new Kind(cause.getClassName(), place));
	}

	private @Nullable String own(IThrowableProxy thrown) {
		for (StackTraceElementProxy frame : thrown.getStackTraceElementProxyArray()) {
			StackTraceElement element = frame.getStackTraceElement();
			for (String prefix : application) {
				if (element.getClassName().startsWith(prefix)) {
					return place(element);
				}
			}
		}
		return null;
	}

	private static String place(StackTraceElement element) {
		return element.getClassName() + "." + element.getMethodName() + ":" + element.getLineNumber();
	}

	private record Kind(String type, String place) {
	}

	private record Cause(@Nullable IThrowableProxy thrown, Kind kind) {
	}

}
