package com.example.platform.configrefresh.springcloud;

import java.util.Set;
import java.util.function.Consumer;

import com.example.platform.configrefresh.Causes;
import com.example.platform.configrefresh.RevisionContent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ApplicationContext;

/**
 * Renews what is not a live record, in Spring Cloud's own way:
 * {@code @ConfigurationProperties} beans and log levels, which listen to the event, and
 * beans in {@code @RefreshScope}.
 *
 * @param context the application
 * @param scope the refresh scope; {@code null} for none
 */
public record BeanRenewal(ApplicationContext context, @Nullable RefreshScope scope) implements Consumer<Set<String>> {

	private static final Log log = LogFactory.getLog(BeanRenewal.class);

	private static final String LOG_LEVELS = "logging.level.";

	@Override
	public void accept(Set<String> keys) {
		attempt("A listener of changes failed", () -> context.publishEvent(new EnvironmentChangeEvent(context, keys)));
		attempt("Log levels could not be set", () -> forgetLevels(keys));
		if (scope != null) {
			attempt("A bean in refresh scope could not be ended", scope::refreshAll);
		}
	}

	// What fails keeps nothing else from its news.
	private static void attempt(String failure, Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException ex) {
			log.error(failure + "; the live records are in effect all the same: " + Causes.withoutMessages(ex));
		}
	}

	// Spring Cloud sets the levels that are configured, and leaves those that no longer
	// are.
	private void forgetLevels(Set<String> keys) {
		if (keys.stream().noneMatch((key) -> key.startsWith(LOG_LEVELS))) {
			return;
		}
		LoggingSystem logging = LoggingSystem.get(BeanRenewal.class.getClassLoader());
		for (LoggerConfiguration logger : logging.getLoggerConfigurations()) {
			String key = LOG_LEVELS + logger.getName();
			if (logger.getConfiguredLevel() != null && keys.contains(RevisionContent.canonical(key))
					&& !context.getEnvironment().containsProperty(key)) {
				logging.setLogLevel(logger.getName(), null);
			}
		}
	}

}
