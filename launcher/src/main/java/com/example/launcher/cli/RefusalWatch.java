package com.example.launcher.cli;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.example.launcher.configserver.Refusals;

/**
 * Tells in the terminal of {@code ./dev up} when a saved configuration is refused, which
 * would otherwise be seen only by those who ask. Ends with the JVM.
 */
final class RefusalWatch {

	private static final long SECONDS_BETWEEN_LOOKS = 1;

	private RefusalWatch() {
	}

	static void start(Refusals refusals, Consumer<String> teller) {
		ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread daemon = new Thread(task, "refusals");
			daemon.setDaemon(true);
			return daemon;
		});
		var unused = thread.scheduleWithFixedDelay(() -> tell(refusals, teller), SECONDS_BETWEEN_LOOKS,
				SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS);
	}

	/**
	 * Tells nothing while no config server answers: it may have been stopped on purpose.
	 */
	static void tell(Refusals refusals, Consumer<String> teller) {
		try {
			refusals.news().forEach(teller);
		}
		catch (RuntimeException ex) {
			// It is asked again.
		}
	}

}
