package com.example.platform.configrefresh;

import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.example.platform.consul.BackOff;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.Consul.Answer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Follows the configuration revision that the config server announces in Consul, and
 * reloads when it is not the one this instance runs.
 *
 * <p>
 * A reload renews the environment, then at once the {@linkplain LiveConfiguration live
 * records}, then what Spring renews by itself: {@code @RefreshScope},
 * {@code @ConfigurationProperties} and log levels. When the new revision does not bind,
 * the records keep their values. When the config server cannot be reached, the reload is
 * tried again with growing, randomised pauses.
 *
 * <p>
 * Reloads run on one thread of their own, one at a time, newest announcement last.
 */
public final class ConfigRefresher implements SmartLifecycle, ApplicationListener<EnvironmentChangeEvent>, Ordered {

	/**
	 * Where in Consul's key-value store the config server announces the current revision.
	 */
	public static final String REVISION_KEY = "platform/config/revision";

	// Set by the config client to the revision that the config server sent along.
	private static final String LOADED_REVISION = "config.client.version";

	private static final Log log = LogFactory.getLog(ConfigRefresher.class);

	private final Consul consul;

	private final ContextRefresher contextRefresher;

	private final LiveConfiguration liveConfiguration;

	private final ConfigurableEnvironment environment;

	private final BackOff backOff = new BackOff();

	private @Nullable ScheduledExecutorService reloadThread;

	private @Nullable BlockingQuery watch;

	private @Nullable String latest;

	private Future<?> pending = CompletableFuture.completedFuture(null);

	/**
	 * Creates a refresher that does nothing until it is started.
	 * @param consul where revisions are announced
	 * @param contextRefresher renews the environment
	 * @param liveConfiguration renewed after the environment
	 * @param environment tells which revision was loaded
	 */
	public ConfigRefresher(Consul consul, ContextRefresher contextRefresher, LiveConfiguration liveConfiguration,
			ConfigurableEnvironment environment) {
		this.consul = consul;
		this.contextRefresher = contextRefresher;
		this.liveConfiguration = liveConfiguration;
		this.environment = environment;
	}

	@Override
	public synchronized void start() {
		// Only a start insists. From here on something runs, and repeating is this
		// class's own affair.
		DefaultPropertiesPropertySource.addOrMerge(Map.of("spring.cloud.config.retry.max-attempts", "1"),
				environment.getPropertySources());
		reloadThread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "config-refresh");
			thread.setDaemon(true);
			return thread;
		});
		watch = consul.watch("/v1/kv/" + REVISION_KEY + "?raw", this::announced);
	}

	@Override
	public synchronized void stop() {
		if (watch != null && reloadThread != null) {
			watch.close();
			reloadThread.shutdownNow();
		}
		watch = null;
		reloadThread = null;
	}

	@Override
	public synchronized boolean isRunning() {
		return watch != null;
	}

	/**
	 * Renews the live records as soon as the environment is renewed, before Spring binds
	 * all its beans again.
	 */
	@Override
	public void onApplicationEvent(EnvironmentChangeEvent event) {
		if (event.getKeys().isEmpty()) {
			return;
		}
		String loaded = environment.getProperty(LOADED_REVISION, "without a name");
		try {
			liveConfiguration.reload();
			log.info("Configuration revision " + loaded + " is in effect; changed keys: "
					+ new TreeSet<>(event.getKeys()));
		}
		catch (RuntimeException ex) {
			log.error("Configuration revision " + loaded
					+ " is refused; the live records stay as they were. Correct the file: saving it reloads again.",
					ex);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	private synchronized void announced(Answer answer) {
		if (answer.body() != null) {
			latest = answer.body();
			schedule(answer.body(), 0);
		}
	}

	// Nothing is tried again that a newer announcement has overtaken.
	private synchronized void schedule(String revision, int failures) {
		if (reloadThread != null && revision.equals(latest)) {
			pending.cancel(false);
			long pause = (failures == 0) ? 0 : backOff.pause(failures).toMillis();
			pending = reloadThread.schedule(() -> reload(revision, failures), pause, TimeUnit.MILLISECONDS);
		}
	}

	private void reload(String revision, int failures) {
		String before = environment.getProperty(LOADED_REVISION);
		if (revision.equals(before)) {
			return;
		}
		try {
			contextRefresher.refresh();
		}
		catch (RuntimeException ex) {
			tryAgain(revision, failures, String.valueOf(ex.getMessage()));
			return;
		}
		// A config client that got no answer keeps what it had, and raises its error only
		// when an application starts.
		if (before != null && before.equals(environment.getProperty(LOADED_REVISION))) {
			tryAgain(revision, failures, "the config server gave no configuration");
		}
	}

	private void tryAgain(String revision, int failures, String reason) {
		if (failures == 0) {
			log.warn("Configuration revision " + revision + " could not be loaded: " + reason
					+ ". What runs stays as it is. Either the config server is away, or it cannot read a file of this"
					+ " revision and says so in its log. Trying again until it can, or until there is a newer revision.");
		}
		schedule(revision, failures + 1);
	}

}
