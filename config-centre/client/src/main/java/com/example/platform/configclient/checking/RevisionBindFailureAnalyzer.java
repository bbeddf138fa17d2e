package com.example.platform.configclient.checking;

import java.util.stream.Collectors;

import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.configprotocol.Problem;
import com.example.platform.liveconfiguration.BindFlaws;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Explains a start that failed because of a value of the configuration, with file and
 * line. It comes before Spring Boot's own analyzers, which show the value: that may be a
 * secret.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RevisionBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private final Environment environment;

	RevisionBindFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		RevisionPropertySource source = (environment instanceof ConfigurableEnvironment configurable)
				? RevisionPropertySource.in(configurable) : null;
		if (source == null) {
			return null;
		}
		String problems = new BindFlaws(source::redact).of(cause.getName().toString(), cause)
			.stream()
			.map(RevisionContent::problem)
			.map(Problem::toString)
			.collect(Collectors.joining("\n  "));
		return new FailureAnalysis(
				"The configuration does not fit this application, in revision " + source.content().revision() + ":\n  "
						+ problems,
				"Correct the file of the configuration, or roll back by ./dev config rollback, and start again.",
				cause);
	}

}
