package com.example.platform.logging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MarkerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class FailuresTests {

	private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");

	private final Outputs outputs = new Outputs();

	private final Failures failures = new Failures();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	@BeforeEach
	void start() {
		failures.setStackTraceInterval(Duration.ofMinutes(1));
		failures.setApplication(List.of("com.example.shop"));
		failures.bindTo(meters);
	}

	@Test
	void failuresAreOfOneKindByTheirCauseAndTheApplicationsOwnLine() {
		outputs.mdc.put("traceId", "first");
		log(0, "order 1 failed", new UncheckedIOException("outer", thrown("a", "com.example.shop.Orders")));
		outputs.mdc.put("traceId", "second");
		log(5, "order 2 failed", thrown("b", "com.example.shop.Orders"));
		log(6, "a user failed", thrown("c", "com.example.shop.Users"));
		assertThat(failures.list()).containsExactly(
				new Failure("java.io.IOException", "com.example.shop.Users.work:7", 1, START.plusSeconds(6),
						START.plusSeconds(6), "a user failed", outputs.mdc.getCopyOfContextMap()),
				new Failure("java.io.IOException", "com.example.shop.Orders.work:7", 2, START, START.plusSeconds(5),
						"order 2 failed", outputs.mdc.getCopyOfContextMap()));
		assertThat(count("java.io.IOException", "com.example.shop.Orders.work:7")).isEqualTo(2);
	}

	@Test
	void aFailureWithoutAnyMessageCounts() {
		log(0, null, thrown("a", "com.example.shop.Orders"));
		assertThat(failures.list()).extracting(Failure::message).contains("null");
	}

	@Test
	void withoutALineOfTheApplicationTheInnermostCounts() {
		failures.setApplication(List.of("com.example.other"));
		log(0, "failed", thrown("a", "org.library.Pool"));
		IOException traceless = new IOException("fast");
		traceless.setStackTrace(new StackTraceElement[0]);
		log(1, "failed", traceless);
		assertThat(failures.list()).extracting(Failure::place)
			.containsExactly("com.example.shop", "java.net.Socket.write:3");
	}

	@Test
	void aWarningWithoutAnExceptionIsKnownByItsLogger() {
		log(Level.WARN, 0, "Consul is away for 1 s", null);
		log(Level.WARN, 1, "Consul is away for 2 s", null);
		log(Level.INFO, 2, "all is well", thrown("a", "com.example.shop.Orders"));
		assertThat(failures.list()).singleElement().satisfies((failure) -> {
			assertThat(failure.type()).isEqualTo("WARN");
			assertThat(failure.place()).isEqualTo("com.example.shop");
			assertThat(failure.count()).isEqualTo(2);
			assertThat(failure.message()).isEqualTo("Consul is away for 2 s");
		});
	}

	@Test
	void aStackTraceIsLoggedOnceAMinuteWithTheCountSince() {
		assertThat(log(0, "failed", thrown("a", "com.example.shop.Orders")).getThrowableProxy()).isNotNull();
		ILoggingEvent second = log(1, "failed", thrown("b", "com.example.shop.Orders"));
		assertThat(second.getThrowableProxy()).isNull();
		assertThat(second.getFormattedMessage())
			.isEqualTo("failed [java.io.IOException: b; its stack trace was logged before]");
		assertThat(log(2, "failed", thrown("a", "com.example.shop.Users")).getThrowableProxy()).isNotNull();
		assertThat(log(59, "failed", thrown("c", "com.example.shop.Orders")).getThrowableProxy()).isNull();
		ILoggingEvent next = log(60, "failed", thrown("d", "com.example.shop.Orders"));
		assertThat(next.getThrowableProxy()).isNotNull();
		assertThat(next.getFormattedMessage()).isEqualTo("failed [2 more since its stack trace was last logged]");
		ILoggingEvent alone = log(200, "failed", thrown("e", "com.example.shop.Orders"));
		assertThat(alone.getThrowableProxy()).isNotNull();
		assertThat(alone.getFormattedMessage()).isEqualTo("failed");
	}

	@Test
	void aClockThatIsSetBackSilencesNothing() {
		log(1_000, "failed", thrown("a", "com.example.shop.Orders"));
		assertThat(log(0, "failed", thrown("b", "com.example.shop.Orders")).getThrowableProxy()).isNotNull();
	}

	@Test
	void whatIsLeftOfALineIsAllButItsStackTrace() {
		log(0, "failed", thrown("a", "com.example.shop.Orders"));
		outputs.mdc.put("traceId", "abc");
		LoggingEvent event = event(Level.ERROR, 1, "failed", thrown("b", "com.example.shop.Orders"));
		event.addMarker(MarkerFactory.getMarker("AUDIT"));
		event.setKeyValuePairs(List.of(new org.slf4j.event.KeyValuePair("order", 7)));
		assertThat(failures.counted(event)).usingRecursiveComparison()
			.comparingOnlyFields("loggerName", "level", "timeStamp", "threadName", "markerList", "keyValuePairs",
					"loggerContextVO", "mdcPropertyMap")
			.isEqualTo(event);
	}

	@Test
	void theKindThatWasSeenLongestAgoIsForgottenWithItsMetric() {
		log(0, "failed", thrown("a", "com.example.shop.Old"));
		IntStream.range(0, Failures.MOST_KINDS - 1)
			.forEach((i) -> log(1 + i, "failed", thrown("a", "com.example.shop.Kind" + i)));
		log(500, "failed", thrown("a", "com.example.shop.Old"));
		log(501, "failed", thrown("a", "com.example.shop.New"));
		assertThat(failures.list()).hasSize(Failures.MOST_KINDS)
			.extracting(Failure::place)
			.startsWith("com.example.shop.New.work:7", "com.example.shop.Old.work:7")
			.doesNotContain("com.example.shop.Kind0.work:7");
		assertThat(meters.find("platform.logging.failures").meters()).hasSize(Failures.MOST_KINDS);
		assertThat(meters.find("platform.logging.failures").tag("place", "com.example.shop.Kind0.work:7").meters())
			.isEmpty();
	}

	@Test
	void longMessagesAreCut() {
		log(0, "x".repeat(100_000), new IOException("y".repeat(100_000)));
		assertThat(log(1, "failed", null).getFormattedMessage()).isEqualTo("failed");
		assertThat(failures.list()).allMatch((failure) -> failure.message().length() < 600);
	}

	@Test
	void whatWasCountedBeforeThereWereMetersIsInThem() {
		Failures early = new Failures();
		early.counted(event(Level.WARN, 0, "early", null));
		early.bindTo(meters);
		assertThat(count("WARN", "com.example.shop")).isEqualTo(1);
	}

	private double count(String type, String place) {
		FunctionCounter counter = meters.get("platform.logging.failures")
			.tags("type", type, "place", place)
			.functionCounter();
		return counter.count();
	}

	private ILoggingEvent log(int second, @Nullable String message, @Nullable Throwable failure) {
		return log(Level.ERROR, second, message, failure);
	}

	private ILoggingEvent log(Level level, int second, @Nullable String message, @Nullable Throwable failure) {
		return failures.counted(event(level, second, message, failure));
	}

	private LoggingEvent event(Level level, int second, @Nullable String message, @Nullable Throwable failure) {
		LoggingEvent event = new LoggingEvent(Logger.FQCN, outputs.context.getLogger("com.example.shop"), level,
				message, failure, null);
		event.setInstant(START.plusSeconds(second));
		return event;
	}

	// As it looks when a library fails below a line of the application, called by a
	// framework.
	private static IOException thrown(String message, String type) {
		IOException failure = new IOException(message);
		failure.setStackTrace(new StackTraceElement[] { frame("java.net.Socket", "write", 3), frame(type, "work", 7),
				frame("org.framework.Container", "call", 8), frame("com.example.shop.Filter", "filter", 9) });
		return failure;
	}

	private static StackTraceElement frame(String type, String method, int line) {
		return new StackTraceElement(type, method, type + ".java", line);
	}

}
