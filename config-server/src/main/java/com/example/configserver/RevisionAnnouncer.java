package com.example.configserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.example.configserver.ConfigDirectory.Stamp;
import com.example.platform.configrefresh.ConfigRefresher;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Notices when the configuration folder changes, and announces each revision in Consul,
 * where all instances watch it.
 *
 * <p>
 * A change counts once two looks in a row are equal: editors write in several steps.
 * Looking is polling, because change notifications do not pass through the bind mounts
 * and projected volumes that containers read the folder from.
 */
final class RevisionAnnouncer implements SmartLifecycle {

	private static final Log log = LogFactory.getLog(RevisionAnnouncer.class);

	private final ConfigDirectory directory;

	private final Duration scanInterval;

	private final Consumer<String> served;

	private final @Nullable Consul consul;

	// Confined to the scan thread once that runs.

	private Map<Path, Stamp> lastLook = Map.of();

	private Map<Path, Stamp> settled = Map.of();

	private String revision = "";

	private boolean announced;

	// Touched by the life cycle alone.

	private @Nullable ScheduledExecutorService scanThread;

	private @Nullable Future<?> scans;

	private @Nullable BlockingQuery watch;

	/**
	 * Creates an announcer that does nothing until it is started.
	 * @param directory what to look at
	 * @param scanInterval time between two looks
	 * @param served told each revision before it is announced
	 * @param consul where to announce; {@code null} for nowhere
	 */
	RevisionAnnouncer(ConfigDirectory directory, Duration scanInterval, Consumer<String> served,
			@Nullable Consul consul) {
		this.directory = directory;
		this.scanInterval = scanInterval;
		this.served = served;
		this.consul = consul;
	}

	@Override
	public void start() {
		try {
			settled = directory.look();
			lastLook = settled;
			changeTo(directory.revision());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The configuration folder cannot be read", ex);
		}
		ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread scan = new Thread(task, "config-scan");
			scan.setDaemon(true);
			return scan;
		});
		scanThread = thread;
		scans = thread.scheduleWithFixedDelay(this::scan, 0, scanInterval.toMillis(), TimeUnit.MILLISECONDS);
		if (consul != null) {
			watch = consul.watch(path() + "?raw", (answer) -> {
				// Consul was restarted empty.
				if (answer.body() == null) {
					thread.execute(() -> announced = false);
				}
			});
		}
	}

	@Override
	public void stop() {
		if (watch != null) {
			watch.close();
		}
		if (scanThread != null) {
			scanThread.shutdownNow();
		}
		scans = null;
	}

	@Override
	public boolean isRunning() {
		return scans != null && !scans.isDone();
	}

	private void scan() {
		try {
			Map<Path, Stamp> look = directory.look();
			if (look.equals(lastLook) && !look.equals(settled)) {
				changeTo(directory.revision());
				settled = look;
			}
			lastLook = look;
		}
		catch (NoSuchFileException ex) {
			log.debug("A file vanished during the look; the next look is complete", ex);
		}
		catch (IOException | RuntimeException ex) {
			log.warn("The configuration folder cannot be read (" + ex + "); revision " + revision + " stays announced");
		}
		if (!announced) {
			announce();
		}
	}

	private void changeTo(String next) {
		if (!next.equals(revision)) {
			revision = next;
			served.accept(next);
			announced = false;
			log.info("Serving revision " + next);
		}
	}

	private void announce() {
		if (consul == null) {
			return;
		}
		try {
			consul.put(path(), revision).join();
			announced = true;
		}
		catch (CompletionException ex) {
			log.debug("Revision " + revision + " is not announced yet", ex);
		}
	}

	private static String path() {
		return "/v1/kv/" + ConfigRefresher.REVISION_KEY;
	}

}
