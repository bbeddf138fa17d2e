package com.example.platform.scheduling.queue;

import java.time.Duration;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a run writes while it is under way. Joins the transaction of the calling thread,
 * if there is one. Thread-safe.
 *
 * @param jdbc the database
 */
public record RunEffects(JdbcClient jdbc) {

	// Of a transaction that makes an effect, between two statements.
	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

	/**
	 * Claims an effect, in the transaction that makes it. The run stays this instance's
	 * until the end of the transaction, and can be cancelled meanwhile; one whose
	 * instance freezes is ended by the database, so that nobody waits for it.
	 * @param run the run
	 * @param effect names the effect within the run
	 * @return {@code false} if it was claimed before
	 * @throws RunLostException if the run is another's by now
	 */
	public boolean claim(Attempt run, String effect) {
		var unused = jdbc.sql("""
				select set_config('idle_in_transaction_session_timeout', :longest, true) from job_run
				where job = :job and key = :key and attempt = :attempt and fence = :fence and state = 'running'
				and not cancelled for key share""")
			.param("longest", LONGEST_PAUSE.toMillis() + "ms")
			.param("job", run.job())
			.param("key", run.key())
			.param("attempt", run.attempt())
			.param("fence", run.fence())
			.query(String.class)
			.optional()
			.orElseThrow(() -> new RunLostException(run));
		return jdbc.sql("""
				insert into job_effect (job, key, effect, fence) values (:job, :key, :effect, :fence)
				on conflict do nothing""")
			.param("job", run.job())
			.param("key", run.key())
			.param("effect", effect)
			.param("fence", run.fence())
			.update() == 1;
	}

	/**
	 * Tells how far a run is.
	 * @param run the run
	 * @param done what is done
	 * @param total what there is to do
	 */
	public void progress(Attempt run, long done, long total) {
		jdbc.sql("""
				update job_run set done = :done, total = :total
				where job = :job and key = :key and attempt = :attempt and fence = :fence and state = 'running'""")
			.param("done", done)
			.param("total", total)
			.param("job", run.job())
			.param("key", run.key())
			.param("attempt", run.attempt())
			.param("fence", run.fence())
			.update();
	}

}
