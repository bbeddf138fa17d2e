package com.example.platform.configclient.renewal;

import java.util.Set;
import java.util.function.Consumer;

import com.example.platform.liveconfiguration.Causes;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ApplicationContext;

/**
 * Renews what is not a live record, in Spring Cloud's own way:
 * {@code @ConfigurationProperties} beans, which listen to the event, log levels, and
 * beans in {@code @RefreshScope}.
 */
public final class BeanRenewal implements Consumer<Set<String>> {

	private static final Log log = LogFactory.getLog(BeanRenewal.class);

	private final ApplicationContext context;

	private final @Nullable RefreshScope scope;

	private final LogLevels levels;

	/**
	 * Creates the renewal; to be done while the configuration of the start applies.
	 * @param context the application
	 * @param scope the refresh scope; {@code null} for none
	 */
	public BeanRenewal(ApplicationContext context, @Nullable RefreshScope scope) {
		this.context = context;
		this.scope = scope;
		this.levels = new LogLevels(LoggingSystem.get(BeanRenewal.class.getClassLoader()),
				context.getBeanProvider(LoggerGroups.class).getIfAvailable(), context.getEnvironment());
	}

	@Override
	public void accept(Set<String> keys) {
		attempt("A listener of changes failed", () -> context.publishEvent(new EnvironmentChangeEvent(context, keys)));
		attempt("Log levels could not be set", () -> levels.renew(context.getEnvironment()));
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

}
