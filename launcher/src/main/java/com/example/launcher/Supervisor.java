package com.example.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.example.launcher.Instance.Demand;
import com.example.launcher.process.Await;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.LogFile;
import org.jspecify.annotations.Nullable;

/**
 * Starts instances again that died or hang though nobody demanded that, until they do so
 * too often. Of Consul and PostgreSQL only the death counts: a database that is slow to
 * answer would not get better by a crash. Each instance has a thread of its own, because
 * one that starts or hangs must not keep the others waiting.
 */
final class Supervisor {

	/**
	 * An application hangs when it has not answered for about 30 s, as in {@code k8s/}. A
	 * freeze of some seconds passes by itself, and so does a machine that is busy with a
	 * build, to which a restart would only add.
	 */
	static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(10),
			Duration.ofSeconds(5), Duration.ofMinutes(2));

	private static final int MOST_MISSES = 3;

	private static final Duration FOREVER = Duration.ofDays(36_500);

	private final Instances instances;

	private final Pace pace;

	private final Set<String> watched = ConcurrentHashMap.newKeySet();

	Supervisor(Instances instances, Pace pace) {
		this.instances = instances;
		this.pace = pace;
	}

	/** Watches all instances, in the background, until the system is stopped. */
	void start() {
		inBackground("supervisor", () -> Await.until(FOREVER, pace.look(), () -> {
			instances.stateFile()
				.readable()
				.map(SystemState::instances)
				.orElse(List.of())
				.stream()
				.map(Instance::name)
				.filter(watched::add)
				.forEach((name) -> inBackground("watch " + name, new Watch(name)));
			return isOver();
		}));
	}

	private boolean isOver() {
		return instances.areStopping() || !instances.stateFile().exists();
	}

	private static void inBackground(String name, Runnable work) {
		Thread thread = new Thread(work, name);
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * How quick the supervisor is.
	 *
	 * @param look time between two looks at an instance
	 * @param delay time from the first of several deaths to the start after it
	 * @param question time between two questions whether an application lives
	 * @param answer how long an answer may take
	 * @param goodRun time after which an instance is taken for well again
	 */
	record Pace(Duration look, Duration delay, Duration question, Duration answer, Duration goodRun) {

	}

	/**
	 * What is known of one instance.
	 */
	private final class Watch implements Runnable {

		private final String name;

		private @Nullable Instance seen;

		private BackOff backOff = newBackOff();

		private long asked = System.nanoTime();

		private int misses;

		Watch(String name) {
			this.name = name;
		}

		@Override
		public void run() {
			try {
				Await.until(FOREVER, pace.look(), () -> isOver() || !look());
			}
			finally {
				watched.remove(name);
			}
		}

		/** Whether there still is such an instance. */
		private boolean look() {
			// In this order: who ends or halts an instance notes that before.
			String problem = (seen != null) ? problem(seen) : null;
			Optional<Instance> found = instances.stateFile().readable().flatMap((state) -> state.find(name));
			found.ifPresent((instance) -> {
				Instance before = seen;
				seen = instance;
				if (before == null || !Objects.equals(before.process(), instance.process())) {
					backOff = newBackOff();
					misses = 0;
				}
				else if (instance.demand() != Demand.RUN) {
					misses = 0;
				}
				else if (problem != null) {
					died(instance, problem);
				}
			});
			return found.isPresent();
		}

		private BackOff newBackOff() {
			return new BackOff(pace.delay(), pace.goodRun(), System::nanoTime);
		}

		private @Nullable String problem(Instance instance) {
			if (instance.demand() != Demand.RUN) {
				return null;
			}
			if (!instance.isAlive()) {
				return "ended by itself";
			}
			// One at a breakpoint answers nobody.
			if (instance.kind().isApplication() && instance.debugPort() == null
					&& System.nanoTime() - asked >= pace.question().toNanos()) {
				asked = System.nanoTime();
				misses = Health.isLive(instance, pace.answer()) ? 0 : misses + 1;
			}
			return (misses >= MOST_MISSES) ? "no longer answered that it lives" : null;
		}

		private void died(Instance instance, String reason) {
			misses = 0;
			Optional<Duration> delay = backOff.died();
			try {
				if (delay.isPresent()) {
					tell("%s %s. It is started again in %d s.".formatted(name, reason, delay.get().toSeconds()));
					Await.until(delay.get(), pace.look(), Supervisor.this::isOver);
					instances.startAgain(instance, reason)
						.ifPresent((started) -> awaitReady(instance.startedAgain(started.process(), reason), started));
				}
				else if (instances.giveUp(instance, reason)) {
					tell("%s %s for the %dth time in a row and is NOT started again. Its log: %s. When that is put right, './dev start %1$s' starts it."
						.formatted(name, reason, BackOff.MOST_DEATHS, instances.starter().log(name)));
				}
			}
			catch (LocalSystemException ex) {
				boolean wanted = instances.stateFile()
					.readable()
					.flatMap((state) -> state.find(name))
					.filter((now) -> now.demand() == Demand.RUN)
					.isPresent();
				if (wanted) {
					instances.step(String.valueOf(ex.getMessage()));
				}
			}
			finally {
				backOff.tried();
			}
		}

		private void awaitReady(Instance instance, InstanceStarter.Started started) {
			seen = instance;
			started.ready().run();
			tell(name + " is healthy again.");
		}

		/** In the terminal, and in the log, where a process has left off. */
		private void tell(String text) {
			instances.step(text);
			if (!instances.areStopping()) {
				new LogFile(instances.starter().log(name))
					.append("%s launcher: %s".formatted(Instant.now().truncatedTo(ChronoUnit.MILLIS), text));
			}
		}

	}

}
