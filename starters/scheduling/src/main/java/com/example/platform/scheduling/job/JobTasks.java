package com.example.platform.scheduling.job;

import java.util.function.Supplier;

/**
 * A job and what db-scheduler has of it.
 *
 * @param policy how it runs at present
 * @param run runs it
 * @param schedule turns its ticks into runs
 */
record JobTasks(Supplier<JobPolicy> policy, RunTask run, ScheduleTask schedule) {

}
