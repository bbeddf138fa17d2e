package com.example.platform.scheduling.queue;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A run as the history keeps it: one attempt, or ticks in a row that were skipped.
 *
 * @param job name of the job
 * @param key what is run: the time of a tick, or what the caller chose
 * @param attempt number of the attempt, from 1
 * @param due when it was due
 * @param lastDue the last of the ticks that it stands for, {@code due} itself for one
 * @param ticks how many ticks it stands for
 * @param state where it is in its life
 * @param started when an instance began it; {@code null} before
 * @param ended when it was over; {@code null} before
 * @param instance who began it
 * @param fence greater than that of every run that began before, of whatever job
 * @param cancelled whether it is to end, or was
 * @param reason why it waits, was skipped, failed or was abandoned
 * @param done progress, as the run told it
 * @param total what {@code done} amounts to in the end
 */
public record Run(String job, String key, int attempt, Instant due, Instant lastDue, long ticks, RunState state,
		@Nullable Instant started, @Nullable Instant ended, @Nullable String instance, @Nullable Long fence,
		boolean cancelled, @Nullable String reason, @Nullable Long done, @Nullable Long total) {

}
