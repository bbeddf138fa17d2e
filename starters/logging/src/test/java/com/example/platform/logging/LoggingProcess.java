package com.example.platform.logging;

import java.io.IOException;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A process that logs as many lines as it is told to, says on standard error how many
 * were dropped, and ends when its standard input does.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class LoggingProcess {

	private static final Logger log = LoggerFactory.getLogger(LoggingProcess.class);

	public static void main(String... args) throws IOException {
		ConfigurableApplicationContext context = SpringApplication.run(LoggingProcess.class, args);
		int lines = Integer.parseInt(args[0]);
		IntStream.range(0, lines).forEach((line) -> log.info("line {} of {}", line, lines));
		context.getBean(MeterRegistry.class)
			.get("platform.logging.dropped")
			.functionCounters()
			.forEach((counter) -> System.err
				.println("dropped by " + counter.getId().getTag("output") + ": " + (long) counter.count()));
		System.err.println("logged");
		if (System.in.read() < 0) {
			System.exit(SpringApplication.exit(context));
		}
	}

}
