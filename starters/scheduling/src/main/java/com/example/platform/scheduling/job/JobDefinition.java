package com.example.platform.scheduling.job;

import java.time.Duration;
import java.time.ZoneId;
import java.util.regex.Pattern;

import com.example.platform.scheduling.job.SchedulingSettings.Policy;

/**
 * A job as the code declares it: a bean of this type, or a method with {@link Job}.
 *
 * @param name its name, for good
 * @param policy what the code says of it; configuration goes before it
 * @param handler what it does
 */
public record JobDefinition(String name, Policy policy, JobHandler handler) {

	private static final Duration LEAST_DELAY = Duration.ofMillis(10);

	private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,59}");

	public JobDefinition {
		if (!NAME.matcher(name).matches()) {
			throw new IllegalArgumentException("'" + name
					+ "' is no name of a job: up to 60 lower-case letters, digits and hyphens, a letter first, such as daily-summary");
		}
		if (policy.cron() != null && !Schedule.isCron(policy.cron())) {
			throw new IllegalArgumentException("The job " + name + " has the schedule '" + policy.cron()
					+ "', which is no cron expression of six fields with a day that there is, such as 0 30 4 * * MON-FRI");
		}
		if (policy.fixedDelay() != null && policy.fixedDelay().compareTo(LEAST_DELAY) < 0) {
			throw new IllegalArgumentException("The job " + name + " has the fixed delay " + policy.fixedDelay()
					+ ", which is shorter than 10 ms");
		}
	}

	/**
	 * Declares a job without a schedule.
	 * @param name its name
	 * @param handler what it does
	 * @return the definition
	 */
	public static JobDefinition of(String name, JobHandler handler) {
		return new JobDefinition(name, Policy.NONE, handler);
	}

	/**
	 * Declares the same job with a schedule by the clock.
	 * @param cron second, minute, hour, day of month, month and day of week
	 * @param zone whose clock
	 * @return another definition
	 */
	public JobDefinition cron(String cron, ZoneId zone) {
		return new JobDefinition(name, policy.withCron(cron, zone), handler);
	}

	/**
	 * Declares the same job with a pause between its runs.
	 * @param delay from the end of a run to the next one
	 * @return another definition
	 */
	public JobDefinition fixedDelay(Duration delay) {
		return new JobDefinition(name, policy.withFixedDelay(delay), handler);
	}

	/**
	 * Declares the same job with another policy.
	 * @param policy all that the code says of it
	 * @return another definition
	 */
	public JobDefinition with(Policy policy) {
		return new JobDefinition(name, policy, handler);
	}

}
