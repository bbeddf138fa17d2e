package com.example.platform.scheduling.job;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of a bean a job. The method takes a {@link JobRun} or nothing, and
 * returns nothing. What is said here are defaults:
 * {@code platform.scheduling.jobs.<name>} goes before them. Without a schedule the job
 * runs when {@link Jobs} is told to.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Job {

	/**
	 * Names the job, for good: its runs are kept under this name.
	 * @return lower-case letters, digits and hyphens, such as {@code daily-summary}
	 */
	String name();

	/**
	 * Says when it is due.
	 * @return second, minute, hour, day of month, month and day of week, as
	 * {@link org.springframework.scheduling.support.CronExpression} has them; empty for
	 * none
	 */
	String cron() default "";

	/**
	 * Says whose clock {@link #cron} goes by.
	 * @return the zone, such as {@code Europe/Berlin}
	 */
	String zone() default "UTC";

	/**
	 * Says how long after the end of a run the next one is due.
	 * @return a duration, such as {@code 10m}; empty for none
	 */
	String fixedDelay() default "";

	/**
	 * Says what becomes of a tick while an earlier run is under way.
	 * @return the rule; none for what configuration says, which is to skip it
	 */
	Overlap[] overlap() default {};

	/**
	 * Says what becomes of ticks that passed while nobody ran.
	 * @return the rule; none for what configuration says, which is that the latest runs
	 */
	CatchUp[] catchUp() default {};

}
