package com.example.platform.configclient;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import com.example.platform.configclient.checking.Checking;
import com.example.platform.configclient.checking.ConfigKeys;
import com.example.platform.configclient.checking.RevisionCheck.Verdict;
import com.example.platform.configclient.fetching.ConfigServerUnavailableException;
import com.example.platform.configclient.fetching.ConfigServers;
import com.example.platform.configclient.reporting.ReloadStatus;
import com.example.platform.configclient.reporting.ReloadStatus.Outcome;
import com.example.platform.configclient.reporting.Reporter;
import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.configclient.revision.Snapshots;
import com.example.platform.configprotocol.InstanceId;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.example.platform.configprotocol.Problem;
import com.example.platform.configprotocol.Release;
import com.example.platform.consul.BackOff;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.KeyValue;
import com.example.platform.liveconfiguration.Causes;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.LiveRecord;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.validation.Validator;

/**
 * Keeps an instance on the configuration revision that the release in Consul has for it.
 *
 * <p>
 * A reload fetches the revision, checks it beside what is in use, and then replaces the
 * properties and all {@linkplain LiveConfiguration live records}; what Spring renews by
 * itself follows. A revision that does not pass is refused: the last good one stays in
 * effect, and log, metric, health and the config server are told why. A revision that
 * says the same as the one in effect is no reload. While no config server gives the
 * revision, the reload is tried again with growing, randomised pauses of 3 s at most.
 *
 * <p>
 * Reloads run on one thread of their own, one at a time, newest announcement last.
 */
public final class ConfigRefresher implements SmartLifecycle {

	private static final Log log = LogFactory.getLog(ConfigRefresher.class);

	private final Instance instance;

	private final Consul consul;

	private final ConfigServers servers;

	private final RevisionPropertySource source;

	private final LiveConfiguration live;

	private final Supplier<Checking> makeChecking;

	private final Snapshots snapshots;

	private final Consumer<Set<String>> renewal;

	private final ReloadStatus status;

	private final Reporter reporter;

	private final BackOff backOff = new BackOff();

	private final RevisionContent atStart;

	// Confined to the reload thread, which makes them when it begins: they take time, and
	// the start of the application need not wait for them.
	private @Nullable Checking checking;

	private @Nullable ScheduledExecutorService reloadThread;

	private @Nullable BlockingQuery watch;

	private @Nullable Target latest;

	private Future<?> pending = CompletableFuture.completedFuture(null);

	/**
	 * Creates the refresher of an application. It does nothing until it is started.
	 * @param context the application, whose environment has a
	 * {@link RevisionPropertySource}
	 * @param consul where the release stands
	 * @param servers where revisions are fetched
	 * @param live the records in use
	 * @param validator checks beans that ask for it; {@code null} for none
	 * @param snapshots folder where good revisions are kept
	 * @param renewal called with the changed keys after each reload, on the reload thread
	 * @return the refresher
	 */
	public static ConfigRefresher of(ConfigurableApplicationContext context, Consul consul, ConfigServers servers,
			LiveConfiguration live, @Nullable Validator validator, Path snapshots, Consumer<Set<String>> renewal) {
		ConfigurableEnvironment environment = context.getEnvironment();
		RevisionPropertySource source = RevisionPropertySource.in(environment);
		if (source == null) {
			throw new IllegalStateException("The application took no configuration from a config server");
		}
		Instance instance = new Instance(source.service(), source.profiles(),
				InstanceId.of(environment.getProperty(InstanceId.PROPERTY, source.service())));
		return new ConfigRefresher(instance, consul, servers, source, live, () -> Checking.of(context, live, validator),
				new Snapshots(snapshots, instance.service, instance.profiles), renewal, Clock.systemUTC());
	}

	/**
	 * Creates a refresher that does nothing until it is started.
	 * @param instance whose configuration it is
	 * @param consul where the release stands
	 * @param servers where revisions are fetched
	 * @param source the properties in use
	 * @param live the records in use
	 * @param checking makes what checks revisions; called once, on the reload thread
	 * @param snapshots where good revisions are kept
	 * @param renewal called with the changed keys after each reload, on the reload thread
	 * @param clock tells when a revision took effect
	 */
	ConfigRefresher(Instance instance, Consul consul, ConfigServers servers, RevisionPropertySource source,
			LiveConfiguration live, Supplier<Checking> checking, Snapshots snapshots, Consumer<Set<String>> renewal,
			Clock clock) {
		this.instance = instance;
		this.consul = consul;
		this.servers = servers;
		this.source = source;
		this.live = live;
		this.makeChecking = checking;
		this.snapshots = snapshots;
		this.renewal = renewal;
		this.reporter = new Reporter(consul, instance.service, instance.id);
		this.atStart = source.content();
		this.status = new ReloadStatus(instance.service, instance.id, atStart.revision(), source.from(), clock,
				reporter);
	}

	@Override
	public synchronized void start() {
		if (source.from() == Source.SNAPSHOT) {
			log.warn("No config server answers. Started from the snapshot of revision " + atStart.revision()
					+ "; what has changed since takes effect when one answers.");
		}
		ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread reload = new Thread(task, "config-reload");
			reload.setDaemon(true);
			return reload;
		});
		reloadThread = thread;
		thread.execute(() -> {
			try {
				// The first check loads what later ones only run.
				checking().check()
					.tryOut(atStart, live.records().stream().map(LiveRecord::prefix).collect(Collectors.toSet()));
			}
			catch (RuntimeException | Error ex) {
				log.error("The keys that this application obeys cannot be told; the next reload tries again", ex);
			}
		});
		reporter.start(status.report());
		watch = consul.kv().watch(Release.KEY, (answer) -> answer.body().ifPresent(this::announced));
	}

	@Override
	public synchronized void stop() {
		if (watch != null && reloadThread != null) {
			watch.close();
			reloadThread.shutdownNow();
			reporter.stop();
		}
		watch = null;
		reloadThread = null;
	}

	@Override
	public synchronized boolean isRunning() {
		return watch != null;
	}

	/**
	 * Returns the state of this instance's configuration.
	 * @return what it runs, refuses and waits for
	 */
	public ReloadStatus status() {
		return status;
	}

	private synchronized void announced(KeyValue entry) {
		try {
			Release release = Release.parse(entry.value());
			String revision = release.revisionFor(instance.id);
			Target target = new Target(revision, !revision.equals(release.revision()));
			if (!target.equals(latest)) {
				latest = target;
				schedule(target, 0);
			}
		}
		catch (JacksonException ex) {
			log.error("What stands in Consul under " + Release.KEY + " is no release (" + ex.getOriginalMessage()
					+ "); revision " + status.report().revision()
					+ " stays in effect. Delete the key, and the config server" + " writes it again.");
		}
	}

	// Nothing is tried again that a newer announcement has overtaken.
	private synchronized void schedule(Target target, int failures) {
		if (reloadThread != null && target.equals(latest)) {
			pending.cancel(false);
			long pause = (failures == 0) ? 0 : backOff.pause(failures).toMillis();
			pending = reloadThread.schedule(() -> reload(target, failures), pause, TimeUnit.MILLISECONDS);
		}
	}

	private void reload(Target target, int failures) {
		try {
			if (target.revision.equals(status.report().revision())) {
				settle(target, source.content());
			}
			else {
				apply(target, servers.fetch(instance.service, instance.profiles, target.revision));
			}
		}
		catch (ConfigServerUnavailableException ex) {
			if (failures == 0) {
				status.add(Outcome.FAILED);
				log.warn("Configuration revision " + target.revision + " could not be loaded: " + ex.getMessage()
						+ ". Revision " + status.report().revision()
						+ " stays in effect. Trying again until a server gives it.");
			}
			schedule(target, failures + 1);
		}
		// An error, too, must not end the trying without a word.
		catch (RuntimeException | Error ex) {
			String failure = Causes.withoutMessages(ex);
			status.failed(failure);
			if (failures == 0) {
				status.add(Outcome.FAILED);
				log.error("Configuration revision " + target.revision + " could not be put into effect: " + failure
						+ ". Trying again.");
			}
			schedule(target, failures + 1);
		}
	}

	private Checking checking() {
		Checking made = checking;
		if (made == null) {
			made = makeChecking.get();
			checking = made;
			reporter.keys(made.keys().forServer());
		}
		return made;
	}

	private void apply(Target target, RevisionContent next) {
		RevisionContent before = source.content();
		Set<String> changed = before.changedKeys(next);
		if (changed.isEmpty()) {
			source.replace(next);
			status.add(Outcome.UNCHANGED);
			settle(target, next);
			log.info("Configuration revision " + next.revision() + " says the same as " + before.revision());
			return;
		}
		Set<String> concerned = checking().references().follow(changed, next);
		Verdict verdict = checking().check().tryOut(next, concerned);
		if (!verdict.problems().isEmpty()) {
			refuse(next, verdict.problems());
			return;
		}
		source.replace(next);
		live.complete(verdict.records());
		status.add(Outcome.APPLIED);
		settle(target, next);
		log.info("Configuration revision " + next.revision() + " is in effect; changed keys: " + changed);
		renewal.accept(concerned);
	}

	private void refuse(RevisionContent next, List<Problem> problems) {
		status.add(Outcome.REFUSED);
		log.error("Configuration revision " + next.revision() + " is refused; revision " + status.report().revision()
				+ " stays in effect. Correct the file: saving it makes a new revision.\n  "
				+ problems.stream().map(Problem::toString).collect(Collectors.joining("\n  ")));
		status.refuses(next.revision(), problems);
	}

	private void settle(Target target, RevisionContent content) {
		status.runs(content.revision(), source.from(), pending(content));
		// A gray revision is not good for certain yet.
		if (!target.gray) {
			snapshots.write(content);
		}
	}

	private List<String> pending(RevisionContent content) {
		ConfigKeys keys = checking().keys();
		return checking().references()
			.follow(atStart.changedKeys(content), content)
			.stream()
			.filter(keys::needsRestart)
			.toList();
	}

	/**
	 * Whose configuration it is.
	 *
	 * @param service name of the service
	 * @param profiles its active profiles, separated by commas
	 * @param id id of the instance in the registry
	 */
	public record Instance(String service, String profiles, String id) {
	}

	private record Target(String revision, boolean gray) {
	}

}
