package com.example.platform.scheduling.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What was run, is run and waits. Joins the transaction of the calling thread, if there
 * is one. Thread-safe.
 *
 * @param jdbc the database
 */
public record RunHistory(JdbcClient jdbc) {

	/**
	 * Remembers that ticks are not run. Those right behind others that were skipped for
	 * the same reason are counted there.
	 * @param job name of the job
	 * @param ticks the ticks, the earliest first
	 * @param reason why they are not run
	 */
	public void skip(String job, List<Instant> ticks, String reason) {
		Instant first = ticks.get(0);
		Instant last = ticks.get(ticks.size() - 1);
		int counted = jdbc.sql("""
				update job_run set last_due = :last, ended = clock_timestamp(), ticks = ticks + :ticks
				where (job, key, attempt) in
				  (select job, key, attempt from job_run where job = :job and due < :first
				  order by due desc, attempt desc limit 1)
				and state = 'skipped' and reason = :reason""")
			.param("job", job)
			.param("first", Times.toDatabase(first))
			.param("last", Times.toDatabase(last))
			.param("ticks", ticks.size())
			.param("reason", reason)
			.update();
		if (counted == 0) {
			jdbc.sql("""
					insert into job_run (job, key, attempt, due, last_due, ticks, state, ended, reason)
					values (:job, :key, 1, :first, :last, :ticks, 'skipped', clock_timestamp(), :reason)
					on conflict do nothing""")
				.param("job", job)
				.param("key", first.toString())
				.param("first", Times.toDatabase(first))
				.param("last", Times.toDatabase(last))
				.param("ticks", ticks.size())
				.param("reason", reason)
				.update();
		}
	}

	/**
	 * Finds the attempt at a run that is not over.
	 * @param job name of the job
	 * @param key what is run
	 * @return the attempt; empty when the run is over or there is none
	 */
	public Optional<Run> open(String job, String key) {
		return jdbc.sql("select * from job_run where job = :job and key = :key and state in ('waiting', 'running')")
			.param("job", job)
			.param("key", key)
			.query(RunHistory::run)
			.optional();
	}

	/**
	 * Lists the runs of a job that are not over.
	 * @param job name of the job
	 * @return the runs, the earliest first
	 */
	public List<Run> open(String job) {
		return jdbc.sql("""
				select * from job_run where job = :job and state in ('waiting', 'running') order by due, key""")
			.param("job", job)
			.query(RunHistory::run)
			.list();
	}

	/**
	 * Tells when the last run of a job was over.
	 * @param job name of the job
	 * @return the time; empty when none was
	 */
	public Optional<Instant> lastEnd(String job) {
		return jdbc.sql("select ended from job_run where job = :job and ended is not null order by ended desc limit 1")
			.param("job", job)
			.query((row, number) -> Times.read(row, "ended"))
			.optional();
	}

	/**
	 * Lists the latest runs of a job.
	 * @param job name of the job
	 * @param count how many at most
	 * @return the runs, the latest first
	 */
	public List<Run> latest(String job, int count) {
		return jdbc.sql("""
				select * from job_run where job = :job order by due desc, key desc, attempt desc limit :count""")
			.param("job", job)
			.param("count", count)
			.query(RunHistory::run)
			.list();
	}

	/**
	 * Finds the latest run of a job of those that are due.
	 * @param job name of the job
	 * @return the run; empty when there is none
	 */
	public Optional<Run> last(String job) {
		return jdbc.sql("""
				select * from job_run where job = :job and due <= clock_timestamp()
				order by due desc, key desc, attempt desc limit 1""")
			.param("job", job)
			.query(RunHistory::run)
			.optional();
	}

	/**
	 * Tells whether a job's schedule is paused by hand.
	 * @param job name of the job
	 * @return whether its ticks are skipped
	 */
	public boolean isPaused(String job) {
		return jdbc.sql("select exists (select 1 from job_pause where job = :job)")
			.param("job", job)
			.query(Boolean.class)
			.single();
	}

	/**
	 * Lists the runs that an instance has under way and that are to end.
	 * @param instance its id
	 * @return the runs
	 */
	public List<Run> cancelled(String instance) {
		return jdbc.sql("select * from job_run where state = 'running' and cancelled and instance = :instance")
			.param("instance", instance)
			.query(RunHistory::run)
			.list();
	}

	/**
	 * Forgets runs, with all of their attempts, and their effects.
	 * @param age how long they must have ended before
	 * @return how many rows are gone
	 */
	public int forget(Duration age) {
		double seconds = age.toMillis() / 1000.0;
		int forgotten = jdbc
			.sql("""
					delete from job_run gone where ended < clock_timestamp() - make_interval(secs => :age)
					and not exists (select 1 from job_queue where task_name = gone.job and task_instance = gone.key)
					and not exists (select 1 from job_run later where later.job = gone.job and later.key = gone.key
					  and later.attempt > gone.attempt and later.ended >= clock_timestamp() - make_interval(secs => :age))""")
			.param("age", seconds)
			.update();
		// What may still be repeated keeps its effects and its results.
		jdbc.sql("""
				delete from job_effect effect where at < clock_timestamp() - make_interval(secs => :age)
				and not exists (select 1 from job_run run where run.job = effect.job and run.key = effect.key)""")
			.param("age", seconds)
			.update();
		jdbc.sql("""
				delete from job_split split where at < clock_timestamp() - make_interval(secs => :age)
				and not exists (select 1 from job_run run
				  where run.job in (split.job, split.job || '-merge') and run.key = split.key)
				and not exists (select 1 from job_run run
				  where run.job = split.job || '-shard' and run.key like split.key || '/%')""")
			.param("age", seconds)
			.update();
		return forgotten;
	}

	private static Run run(ResultSet row, int number) throws SQLException {
		return new Run(row.getString("job"), row.getString("key"), row.getInt("attempt"), Times.read(row, "due"),
				Times.read(row, "last_due"), row.getLong("ticks"), RunState.of(row.getString("state")),
				Times.readNullable(row, "started"), Times.readNullable(row, "ended"), row.getString("instance"),
				row.getObject("fence", Long.class), row.getBoolean("cancelled"), row.getString("reason"),
				row.getObject("done", Long.class), row.getObject("total", Long.class));
	}

}
