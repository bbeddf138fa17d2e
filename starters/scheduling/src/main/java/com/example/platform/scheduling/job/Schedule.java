package com.example.platform.scheduling.job;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.support.CronExpression;

/**
 * When a job is due: by the clock, or some time after its last run.
 *
 * @param cron the expression; {@code null} for a fixed delay
 * @param zone whose clock the expression goes by
 * @param fixedDelay time from the end of a run to the next one; {@code null} for an
 * expression
 */
public record Schedule(@Nullable String cron, ZoneId zone, @Nullable Duration fixedDelay) {

	static final ZoneId UTC = ZoneId.of("UTC");

	/** Beyond every schedule, and a time for PostgreSQL all the same. */
	static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

	// With a leap day to come.
	private static final LocalDateTime SOME_TIME = LocalDateTime.of(2024, 1, 1, 0, 0);

	/**
	 * Tells whether a text is a cron expression that has a tick: that of 31 February has
	 * none.
	 */
	static boolean isCron(String text) {
		return CronExpression.isValidExpression(text) && CronExpression.parse(text).next(SOME_TIME) != null;
	}

	/**
	 * Returns the ticks of the clock from a time on.
	 * @param first the first of them, itself a tick
	 * @param until the time that none is after
	 * @param most how many at most
	 */
	Ticks ticks(Instant first, Instant until, int most) {
		CronExpression expression = CronExpression.parse(Objects.requireNonNull(cron));
		List<Instant> due = new ArrayList<>();
		ZonedDateTime tick = first.atZone(zone);
		while (tick != null && !tick.toInstant().isAfter(until) && due.size() < most) {
			due.add(tick.toInstant());
			tick = expression.next(tick);
		}
		return new Ticks(due, (tick != null) ? tick.toInstant() : NEVER);
	}

	/**
	 * Returns when it is due for the first time.
	 * @param now what that comes after; a fixed delay begins at once
	 * @return the time; {@link #NEVER} when there is none
	 */
	Instant first(Instant now) {
		if (cron == null) {
			return now;
		}
		ZonedDateTime next = CronExpression.parse(cron).next(now.atZone(zone));
		return (next != null) ? next.toInstant() : NEVER;
	}

	@Override
	public String toString() {
		return (cron != null) ? cron + " " + zone : "each " + fixedDelay + " after the end";
	}

	/**
	 * Ticks of the clock.
	 *
	 * @param due those asked for
	 * @param next the one after them; {@link #NEVER} when there is none
	 */
	record Ticks(List<Instant> due, Instant next) {
	}

}
