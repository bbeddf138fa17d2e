package com.example.platform.scheduling.job;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;

import com.example.platform.liveconfiguration.DefaultsFrom;
import com.example.platform.liveconfiguration.RequiresRestart;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When jobs run, and under which rules. All of it is live, except what needs a restart.
 *
 * @param enabled Whether this instance runs jobs; it can be asked about them all the
 * same.
 * @param threads Number of runs that this instance has under way at once.
 * @param pollInterval How often this instance asks the database for what is due.
 * @param heartbeatInterval How often this instance says of its runs that they go on. Four
 * of them missed, and another instance takes over.
 * @param keepHistory How long ended runs are remembered, and with them which effects they
 * had and which keys are taken.
 * @param defaults Policy of all jobs, where neither the code nor their own policy says
 * anything else.
 * @param jobs Policies by the name of the job, before what the code says.
 */
@Validated
@ConfigurationProperties("platform.scheduling")
public record SchedulingSettings(@DefaultValue("true") @RequiresRestart boolean enabled,
		@DefaultValue("10") @Min(1) @Max(200) @RequiresRestart int threads,
		@DefaultValue("100ms") @DurationMin(millis = 10) @DurationMax(
				seconds = 60) @RequiresRestart Duration pollInterval,
		@DefaultValue("400ms") @DurationMin(millis = 100) @DurationMax(
				seconds = 60) @RequiresRestart Duration heartbeatInterval,
		@DefaultValue("7d") @DurationMin(minutes = 1) Duration keepHistory, @Nullable @Valid Policy defaults,
		@DefaultsFrom("defaults") @DefaultValue Map<String, @Valid Policy> jobs) {

	JobPolicy policy(JobDefinition job) {
		Policy policy = job.policy().over((defaults != null) ? defaults : Policy.NONE);
		Policy own = jobs.get(job.name());
		return ((own != null) ? own.over(policy) : policy).inEffect();
	}

	/**
	 * Refuses what each value alone does not show to be of no use.
	 * @throws IllegalArgumentException if a policy contradicts itself
	 */
	public void requireUsable() {
		if (defaults != null && (defaults.cron != null || defaults.fixedDelay != null)) {
			throw new IllegalArgumentException(
					"defaults has a schedule, which would be that of every job: give each of jobs its own");
		}
		jobs.forEach((name, policy) -> {
			if (policy.cron != null && policy.fixedDelay != null) {
				throw new IllegalArgumentException(
						"jobs." + name + " has both cron and fixed-delay: take one of them out");
			}
		});
	}

	/**
	 * How a job runs; {@code null} where it says nothing.
	 *
	 * @param enabled Whether its schedule runs; yes when not set. Ticks of a job that is
	 * switched off are skipped; what is ordered by hand runs.
	 * @param cron When it is due: second, minute, hour, day of month, month and day of
	 * week.
	 * @param zone Whose clock that is, such as Europe/Berlin; UTC when not set.
	 * @param fixedDelay Time from the end of a run to the next one, instead of times by
	 * the clock.
	 * @param overlap What becomes of a tick while an earlier run is under way; skip when
	 * not set. Runs of a job without a schedule may overlap.
	 * @param catchUp What becomes of ticks that passed while nobody ran; once when not
	 * set.
	 * @param catchUpWindow How old a tick may be that still runs; 1 h when not set.
	 * @param timeLimit Time after which a run is interrupted; 10 minutes when not set, 0
	 * for never.
	 * @param maxConcurrentRuns Most runs at once in the cluster; 0, which is so when not
	 * set, for as many as there are.
	 * @param maxRetries Most repetitions of a run that failed or was abandoned; 3 when
	 * not set.
	 * @param firstRetryAfter Pause before the first repetition, doubled for each further
	 * one, give or take a fifth; 1 s when not set.
	 */
	public record Policy(@Nullable Boolean enabled, @Nullable @Cron String cron, @Nullable ZoneId zone,
			@Nullable @DurationMin(millis = 10) Duration fixedDelay, @Nullable Overlap overlap,
			@Nullable CatchUp catchUp, @Nullable @DurationMin Duration catchUpWindow,
			@Nullable @DurationMin Duration timeLimit, @Nullable @Min(0) Integer maxConcurrentRuns,
			@Nullable @Min(0) @Max(20) Integer maxRetries, @Nullable @DurationMin Duration firstRetryAfter) {

		/** Says nothing. */
		public static final Policy NONE = new Policy(null, null, null, null, null, null, null, null, null, null, null);

		Policy withCron(String cron, ZoneId zone) {
			return new Policy(enabled, cron, zone, null, overlap, catchUp, catchUpWindow, timeLimit, maxConcurrentRuns,
					maxRetries, firstRetryAfter);
		}

		Policy withFixedDelay(Duration delay) {
			return new Policy(enabled, null, null, delay, overlap, catchUp, catchUpWindow, timeLimit, maxConcurrentRuns,
					maxRetries, firstRetryAfter);
		}

		/**
		 * Returns the same policy with another rule for ticks that overlap.
		 * @param overlap the rule
		 * @return another policy
		 */
		public Policy withOverlap(Overlap overlap) {
			return new Policy(enabled, cron, zone, fixedDelay, overlap, catchUp, catchUpWindow, timeLimit,
					maxConcurrentRuns, maxRetries, firstRetryAfter);
		}

		/**
		 * Returns the same policy with another rule for ticks that passed.
		 * @param catchUp the rule
		 * @return another policy
		 */
		public Policy withCatchUp(CatchUp catchUp) {
			return new Policy(enabled, cron, zone, fixedDelay, overlap, catchUp, catchUpWindow, timeLimit,
					maxConcurrentRuns, maxRetries, firstRetryAfter);
		}

		Policy over(Policy base) {
			boolean scheduled = cron != null || fixedDelay != null;
			return new Policy(or(enabled, base.enabled), scheduled ? cron : base.cron, or(zone, base.zone),
					scheduled ? fixedDelay : base.fixedDelay, or(overlap, base.overlap), or(catchUp, base.catchUp),
					or(catchUpWindow, base.catchUpWindow), or(timeLimit, base.timeLimit),
					or(maxConcurrentRuns, base.maxConcurrentRuns), or(maxRetries, base.maxRetries),
					or(firstRetryAfter, base.firstRetryAfter));
		}

		JobPolicy inEffect() {
			Schedule schedule = (cron != null || fixedDelay != null)
					? new Schedule(cron, Objects.requireNonNullElse(zone, Schedule.UTC), fixedDelay) : null;
			return new JobPolicy(Objects.requireNonNullElse(enabled, true), schedule,
					Objects.requireNonNullElse(overlap, (schedule != null) ? Overlap.SKIP : Overlap.ALLOW),
					Objects.requireNonNullElse(catchUp, CatchUp.ONCE),
					Objects.requireNonNullElse(catchUpWindow, Duration.ofHours(1)),
					Objects.requireNonNullElse(timeLimit, Duration.ofMinutes(10)),
					Objects.requireNonNullElse(maxConcurrentRuns, 0), Objects.requireNonNullElse(maxRetries, 3),
					Objects.requireNonNullElse(firstRetryAfter, Duration.ofSeconds(1)));
		}

		private static <T> @Nullable T or(@Nullable T value, @Nullable T base) {
			return (value != null) ? value : base;
		}

	}

}
