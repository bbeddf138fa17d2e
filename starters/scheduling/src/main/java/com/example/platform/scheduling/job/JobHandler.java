package com.example.platform.scheduling.job;

/**
 * What a job does.
 */
@FunctionalInterface
public interface JobHandler {

	/**
	 * Does it, once. An attempt may be repeated, also after the instance that made it has
	 * died half way: {@link JobRun#once} keeps what is written from being written twice.
	 * @param run what is run, for which tick
	 * @throws Exception ends the attempt as failed; it is repeated as the policy says
	 */
	void run(JobRun run) throws Exception;

}
