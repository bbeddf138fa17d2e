package com.example.platform.logging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.spi.MDCAdapter;

import org.springframework.util.unit.DataSize;

/**
 * A Logback of a test's own, with outputs that take lines only when they are told to.
 */
final class Outputs {

	final LoggerContext context = new LoggerContext();

	final MDCAdapter mdc = new LogbackMDCAdapter();

	final Logger log = context.getLogger("com.example.shop.Orders");

	Outputs() {
		context.setMDCAdapter(mdc);
	}

	Valve valve(String name) {
		Valve valve = new Valve();
		OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
		appender.setOutputStream(valve);
		add(name, appender);
		return valve;
	}

	private void add(String name, OutputStreamAppender<ILoggingEvent> appender) {
		appender.setName(name);
		appender.setContext(context);
		appender.setEncoder(encoder());
		appender.start();
		context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
	}

	private Encoder<ILoggingEvent> encoder() {
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(context);
		encoder.setPattern("%level %msg%kvp %mdc%n%ex");
		encoder.start();
		return encoder;
	}

	NonBlockingLogging install() {
		context.start();
		return NonBlockingLogging.install(context,
				new LoggingSettings(DataSize.ofKilobytes(64), Duration.ofMinutes(1)));
	}

	/** Takes a line for each permit. */
	static final class Valve extends OutputStream {

		private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

		final Semaphore permits = new Semaphore(0);

		void open() {
			permits.release(1_000_000);
		}

		List<String> lines() {
			return taken.toString(StandardCharsets.UTF_8).lines().toList();
		}

		@Override
		public void write(int value) throws IOException {
			throw new IOException("lines come as a whole");
		}

		@Override
		public void write(byte[] bytes) throws IOException {
			permits.acquireUninterruptibly();
			taken.write(bytes);
		}

	}

}
