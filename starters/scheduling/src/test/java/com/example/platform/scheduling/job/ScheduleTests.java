package com.example.platform.scheduling.job;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

import com.example.platform.scheduling.job.SchedulingSettings.Policy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ScheduleTests {

	private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

	@Test
	void aTimeThatTheClockLeavesOutIsNoTickAndOneThatItShowsTwiceIsTwo() {
		Schedule daily = new Schedule("0 30 2 * * *", BERLIN, null);
		// The clock goes from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on
		// 25 October.
		assertThat(daily.ticks(Instant.parse("2026-03-28T01:30:00Z"), Instant.parse("2026-03-30T12:00:00Z"), 10).due())
			.containsExactly(Instant.parse("2026-03-28T01:30:00Z"), Instant.parse("2026-03-30T00:30:00Z"));
		assertThat(daily.ticks(Instant.parse("2026-10-24T00:30:00Z"), Instant.parse("2026-10-26T12:00:00Z"), 10).due())
			.hasSize(4);
	}

	@Test
	void anExpressionHasATick() {
		assertThat(List.of("0 0 0 29 2 *", "0 0 0 L * *", "0 0 0 ? * MON#5", "0 0 0 31 1,2 *"))
			.allMatch(Schedule::isCron);
		assertThat(List.of("0 0 0 31 2 *", "0 0 0 30 FEB *", "0 0 0 31 4,6,9,11 *", "0 0 25 * * *", "* * *", ""))
			.noneMatch(Schedule::isCron);
	}

	@Test
	void whatIsNearerGoesBeforeWhatIsFarther() {
		SchedulingSettings settings = Fleet.settings(Map.of("platform.scheduling.defaults.overlap", "allow",
				"platform.scheduling.defaults.max-retries", "1", "platform.scheduling.jobs.a.zone", "Europe/Berlin"));
		JobPolicy policy = settings.policy(JobDefinition.of("a", (run) -> {
		}).cron("0 0 4 * * *", Schedule.UTC));
		assertThat(policy.overlap()).isEqualTo(Overlap.ALLOW);
		assertThat(policy.maxRetries()).isOne();
		assertThat(policy.schedule()).isEqualTo(new Schedule("0 0 4 * * *", BERLIN, null));
		assertThat(Policy.NONE.inEffect().overlap()).isEqualTo(Overlap.ALLOW);
		assertThat(Policy.NONE.withFixedDelay(Duration.ofSeconds(1)).inEffect().overlap()).isEqualTo(Overlap.SKIP);
	}

	@Test
	void policiesThatContradictThemselvesAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(Fleet.settings(Map.of("platform.scheduling.defaults.cron", "0 0 4 * * *"))::requireUsable)
			.withMessageContaining("give each of jobs its own");
		assertThatIllegalArgumentException()
			.isThrownBy(Fleet.settings(Map.of("platform.scheduling.jobs.a.cron", "0 0 4 * * *",
					"platform.scheduling.jobs.a.fixed-delay", "1m"))::requireUsable)
			.withMessageContaining("jobs.a has both");
	}

	@Test
	void aScheduleInTheCodeThatIsNoneIsRefusedWithTheNameOfItsJob() {
		JobDefinition job = JobDefinition.of("upkeep", (run) -> {
		});
		assertThatIllegalArgumentException().isThrownBy(() -> job.cron("every day", BERLIN))
			.withMessageContainingAll("The job upkeep", "'every day'");
		for (Duration delay : List.of(Duration.ZERO, Duration.ofMinutes(-1), Duration.ofMillis(9))) {
			assertThatIllegalArgumentException().isThrownBy(() -> job.fixedDelay(delay))
				.withMessageContainingAll("The job upkeep", "shorter than 10 ms");
		}
	}

}
