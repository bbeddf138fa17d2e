package com.example.systemtests;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.example.launcher.Instance;
import com.example.launcher.process.ProcessIdentity;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Proves that an instance which dies is back by itself, and that {@code ./dev restart}
 * costs no request. Durations are printed, and asserted with room for a machine that is
 * busy.
 */
class RestartSystemTests {

	private static final String VICTIM = "user-service-1";

	/** Reads that user-service has answered; health questions are none. */
	private static final String READS = "http_server_requests_seconds_count\\{[^}]*uri=\"/api/users/\\{id}\"[^}]*}";

	private final long userId = Http.createUser();

	@Test
	void anInstanceThatIsKilledFromOutsideIsBackByItselfAndNoReadFails() {
		Instance before = victim();
		ProcessIdentity process = Objects.requireNonNull(before.process());
		try (SteadyLoad reads = SteadyLoad.of(15, Set.of(200), () -> Http.user(userId))) {
			await().until(() -> reads.answered() >= 30);
			long killed = System.nanoTime();
			// As the kernel does when memory is short; the launcher is not told.
			ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
			await().atMost(Duration.ofMinutes(2))
				.pollInterval(Duration.ofMillis(20))
				.until(() -> !process.isAlive() && answeredReads() > 0);
			long back = Duration.ofNanos(System.nanoTime() - killed).toMillis();
			SteadyLoad.Result read = reads.finish();
			System.out.printf("%s was killed from outside: %d ms until it answered its first call; reads %s%n", VICTIM,
					back, read);
			assertThat(read.failures()).isEmpty();
			assertThat(back).isLessThan(60_000);
		}
		assertThat(victim().port()).isEqualTo(before.port());
		assertThat(Repository.read(RunningSystem.system().log(VICTIM)))
			.contains("launcher: " + VICTIM + " ended by itself");
	}

	@Test
	void aRestartedServiceLosesNoRequest() {
		Map<String, Long> before = RunningSystem.processes();
		try (SteadyLoad reads = SteadyLoad.of(15, Set.of(200), () -> Http.user(userId));
				SteadyLoad orders = SteadyLoad.of(10, Http.PLACED, (tag) -> Http.order(userId, tag))) {
			await().until(() -> reads.answered() >= 15 && orders.answered() >= 10);
			long began = System.nanoTime();
			RunningSystem.system().restart("user-service", false);
			long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
			SteadyLoad.Result read = reads.finish();
			SteadyLoad.Result ordered = orders.finish();
			System.out.printf("user-service restarted in %d ms: reads %s; orders %s%n", took, read, ordered);
			assertThat(read.failures()).isEmpty();
			assertThat(ordered.failures()).isEmpty();
		}
		assertThat(RunningSystem.processes()).hasSameSizeAs(before)
			.allSatisfy((name, process) -> assertThat(process.equals(before.get(name)))
				.isEqualTo(!name.startsWith("user-service")));
	}

	private static double answeredReads() {
		try {
			return RunningSystem.counter(VICTIM, READS);
		}
		catch (UncheckedIOException ex) {
			return 0;
		}
	}

	private static Instance victim() {
		return RunningSystem.system()
			.instances()
			.stream()
			.filter((instance) -> instance.name().equals(VICTIM))
			.findFirst()
			.orElseThrow();
	}

}
