package com.example.gateway.admission;

import java.time.Duration;

import com.example.gateway.problem.ProblemBody;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * When requests are refused early.
 */
@Configuration(proxyBeanMethods = false)
class EarlyRefusalConfiguration {

	// A pause of the machine, or a burst, is over by then, and most callers still wait.
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

	@Bean
	EarlyRefusal earlyRefusal(ProblemBody problems, MeterRegistry meters) {
		return new EarlyRefusal(problems, meters, LONGEST_WAIT);
	}

}
