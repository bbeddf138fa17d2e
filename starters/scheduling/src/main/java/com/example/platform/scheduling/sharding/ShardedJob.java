package com.example.platform.scheduling.sharding;

import java.time.Instant;
import java.util.List;

import com.example.platform.scheduling.job.JobDefinition;
import com.example.platform.scheduling.job.JobRun;

/**
 * Work that several instances do together: a bean. Each step is a run of its own with its
 * own history, retries and fence: the job itself splits, {@code <name>-shard} works, and
 * {@code <name>-merge} merges.
 *
 * @param <R> what comes out of a shard, written as JSON
 */
public interface ShardedJob<R> {

	/**
	 * Names the job, for good.
	 * @return lower-case letters, digits and hyphens, such as {@code daily-summary}
	 */
	String name();

	/**
	 * Says when the work is due.
	 * @param split the job that splits it, without a schedule
	 * @return the same job, with a schedule if it is to have one
	 */
	default JobDefinition schedule(JobDefinition split) {
		return split;
	}

	/**
	 * Splits the work of a run.
	 * @param run the run
	 * @return its parts
	 */
	Split split(JobRun run);

	/**
	 * Does a part. After a failure it is done again from the start: what it writes for an
	 * item belongs into {@link JobRun#once(String, Runnable)}.
	 * @param run the run of this part
	 * @param shard the part
	 * @param due when the run that was split was due
	 * @return its result
	 * @throws Exception ends the attempt as failed
	 */
	R work(JobRun run, Shard shard, Instant due) throws Exception;

	/**
	 * Merges the results once all parts are done. What it writes belongs into
	 * {@link JobRun#once(Runnable)}.
	 * @param run the run of this step, whose key is that of the run that was split
	 * @param results the results in the order of the shards
	 * @param due when the run that was split was due
	 * @throws Exception ends the attempt as failed
	 */
	void merge(JobRun run, List<R> results, Instant due) throws Exception;

	/**
	 * Returns the type of a result.
	 * @return what JSON is read as
	 */
	Class<R> resultType();

}
