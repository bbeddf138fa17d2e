package com.example.platform.scheduling.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is to be run, changed together with the history. Whoever changes the state of a
 * run first locks its row in the queue, and goes on only if its version is the one that
 * was taken with the run: of two that believe to have the same run, one finds nothing to
 * change. Joins the transaction of the calling thread, if there is one. Thread-safe.
 *
 * @param jdbc the database
 */
public record RunQueue(JdbcClient jdbc) {

	private static final int LONGEST_REASON = 500;

	// Waits for an effect that is being made: RunEffects#claim has a lock that a plain
	// update, such as that of a cancellation, does not wait for.
	private static final String MINE = """
			mine as (
			  select 1 from job_run where job = :job and key = :key and state in ('waiting', 'running')
			  and exists (select 1 from own) for update)""";

	/**
	 * Adds a run.
	 * @param job name of the job
	 * @param key what is run
	 * @param due when it is due
	 * @param order what it is given
	 * @return {@code false} if there is or was one with this key, as far as the history
	 * goes back
	 */
	public boolean add(String job, String key, Instant due, Order order) {
		return jdbc.sql("""
				with added as (
				  insert into job_run (job, key, attempt, due, last_due, state, payload)
				  values (:job, :key, 1, :due, :due, 'waiting', :payload) on conflict do nothing returning 1)
				insert into job_queue (task_name, task_instance, execution_time, picked, version, priority, owner)
				select :job, :key, :due, false, 1, :priority, :owner from added""")
			.param("job", job)
			.param("key", key)
			.param("due", Times.toDatabase(due))
			.param("payload", order.payload)
			.param("priority", order.priority)
			.param("owner", order.owner)
			.update() == 1;
	}

	/**
	 * Begins a run that was taken from the queue. When other runs matter it needs a
	 * transaction.
	 * @param taken the run
	 * @param instance who begins it
	 * @param limits what other runs mean for it
	 * @return nothing if it is not to begin now
	 */
	public Optional<Attempt> begin(Taken taken, String instance, Limits limits) {
		if (limits.matter()) {
			// Of several that begin at once, each counts the others. Held to the end of
			// the transaction.
			jdbc.sql("select pg_advisory_xact_lock(hashtext('job'), hashtext(:job))")
				.param("job", taken.job)
				.query((row) -> {
				});
		}
		String inOrder = !limits.inOrder ? "" : """
				and not exists (select 1 from job_run other where other.job = :job and (other.state = 'running'
				  or (other.state = 'waiting' and (other.due, other.key) < (mine.due, mine.key))))""";
		String notTooMany = (limits.most == 0) ? "" : """
				and (select count(*) from job_run other where other.job = :job and other.state = 'running') < :most""";
		return jdbc
			.sql("""
					with own as (
					  select 1 from job_queue where task_name = :job and task_instance = :key and version = :version
					  for update)
					update job_run mine set state = 'running', started = clock_timestamp(), instance = :instance,
					  fence = nextval('job_fence'), reason = null
					where job = :job and key = :key and state = 'waiting' and not cancelled
					and exists (select 1 from own) %s %s returning attempt, due, started, fence, payload"""
				.formatted(inOrder, notTooMany))
			.param("job", taken.job)
			.param("key", taken.key)
			.param("version", taken.version)
			.param("instance", instance)
			.param("most", limits.most)
			.query((row, number) -> new Attempt(taken.job, taken.key, row.getInt("attempt"), Times.read(row, "due"),
					Times.read(row, "started"), row.getLong("fence"), row.getString("payload")))
			.optional();
	}

	/**
	 * Counts the open runs of its job that were due before a run.
	 * @param taken the run
	 * @param most where counting ends
	 * @return the number
	 */
	public int before(Taken taken, int most) {
		return jdbc.sql("""
				select count(*) from (select 1 from job_run mine join job_run other on other.job = mine.job
				    and other.state in ('waiting', 'running') and (other.due, other.key) < (mine.due, mine.key)
				  where mine.job = :job and mine.key = :key and mine.state = 'waiting' limit :most) earlier""")
			.param("job", taken.job)
			.param("key", taken.key)
			.param("most", most)
			.query(Integer.class)
			.single();
	}

	/**
	 * Gives a run back for later.
	 * @param taken the run
	 * @param until when it is tried again
	 * @param reason why it waits
	 * @return {@code false} if it does not wait: its row in the queue is gone then
	 */
	public boolean postpone(Taken taken, Instant until, String reason) {
		boolean waits = jdbc
			.sql("""
					with own as (
					  update job_queue set picked = false, picked_by = null, last_heartbeat = null, version = version + 1,
					    execution_time = :until
					  where task_name = :job and task_instance = :key and version = :version returning 1),
					%s
					update job_run set state = 'waiting', started = null, instance = null, reason = :reason
					where job = :job and key = :key and state in ('waiting', 'running') and exists (select 1 from mine)"""
				.formatted(MINE))
			.param("job", taken.job)
			.param("key", taken.key)
			.param("version", taken.version)
			.param("until", Times.toDatabase(until))
			.param("reason", shortened(reason))
			.update() == 1;
		if (!waits) {
			jdbc.sql("""
					delete from job_queue where task_name = :job and task_instance = :key and not exists
					(select 1 from job_run where job = :job and key = :key and state in ('waiting', 'running'))""")
				.param("job", taken.job)
				.param("key", taken.key)
				.update();
		}
		return waits;
	}

	/**
	 * Ends a run for good.
	 * @param taken the run
	 * @param state how it ended
	 * @param reason why; {@code null} for nothing to say
	 * @return {@code false} if it was another's by then; nothing is changed
	 */
	public boolean end(Taken taken, RunState state, @Nullable String reason) {
		return jdbc
			.sql("""
					with own as (
					  delete from job_queue where task_name = :job and task_instance = :key and version = :version returning 1),
					%s
					update job_run set state = :state, ended = clock_timestamp(), reason = :reason
					where job = :job and key = :key and state in ('waiting', 'running') and exists (select 1 from mine)"""
				.formatted(MINE))
			.param("job", taken.job)
			.param("key", taken.key)
			.param("version", taken.version)
			.param("state", state.toString())
			.param("reason", (reason != null) ? shortened(reason) : null)
			.update() == 1;
	}

	/**
	 * Ends an attempt, and adds the next one.
	 * @param taken the run
	 * @param at when the next one is due
	 * @param state how the attempt ended
	 * @param reason why
	 * @return {@code false} if it was another's by then; nothing is changed
	 */
	public boolean repeat(Taken taken, Instant at, RunState state, String reason) {
		return jdbc.sql("""
				with own as (
				  update job_queue set picked = false, picked_by = null, last_heartbeat = null, version = version + 1,
				    execution_time = :at
				  where task_name = :job and task_instance = :key and version = :version returning 1),
				%s,
				ended as (
				  update job_run set state = :state, ended = clock_timestamp(), reason = :reason
				  where job = :job and key = :key and state = 'running' and exists (select 1 from mine)
				  returning attempt, due, payload)
				insert into job_run (job, key, attempt, due, last_due, state, payload)
				select :job, :key, attempt + 1, due, due, 'waiting', payload from ended""".formatted(MINE))
			.param("job", taken.job)
			.param("key", taken.key)
			.param("version", taken.version)
			.param("at", Times.toDatabase(at))
			.param("state", state.toString())
			.param("reason", shortened(reason))
			.update() == 1;
	}

	/**
	 * Adds another attempt to a run that has ended without success.
	 * @param job name of the job
	 * @param key what is run
	 * @param at when the attempt is due
	 * @return {@code false} if there is none
	 */
	public boolean retry(String job, String key, Instant at) {
		return jdbc.sql("""
				with last as (
				  select * from job_run where job = :job and key = :key order by attempt desc limit 1),
				added as (
				  insert into job_run (job, key, attempt, due, last_due, state, payload)
				  select job, key, attempt + 1, due, due, 'waiting', payload from last
				  where state in ('failed', 'abandoned', 'skipped') on conflict do nothing returning 1)
				insert into job_queue (task_name, task_instance, execution_time, picked, version, priority)
				select :job, :key, :at, false, 1, 0 from added""")
			.param("job", job)
			.param("key", key)
			.param("at", Times.toDatabase(at))
			.update() == 1;
	}

	/**
	 * Marks runs that are to end, for those who run them or are about to.
	 * @param job name of the job
	 * @param key which run; {@code null} for all of the job that are due
	 */
	public void cancel(String job, @Nullable String key) {
		jdbc.sql("""
				update job_run set cancelled = true
				where job = :job and state in ('waiting', 'running')
				and (key = :key or (:key::text is null and due <= clock_timestamp()))""")
			.param("job", job)
			.param("key", key)
			.update();
	}

	/**
	 * Ends runs that wait. Needs a transaction.
	 * @param job name of the job
	 * @param key which run; {@code null} for all of the job that are due
	 * @param reason why
	 */
	public void cancelWaiting(String job, @Nullable String key, String reason) {
		List<String> waiting = jdbc.sql("""
				select task_instance from job_queue
				where task_name = :job and not picked and (task_instance = :key or (:key::text is null and exists
				  (select 1 from job_run where job = :job and key = task_instance and state = 'waiting'
				    and due <= clock_timestamp())))
				for update""").param("job", job).param("key", key).query(String.class).list();
		// Their rows are locked by now, so that all that has become of them is seen.
		for (String one : waiting) {
			jdbc.sql("delete from job_queue where task_name = :job and task_instance = :key")
				.param("job", job)
				.param("key", one)
				.update();
			jdbc.sql("""
					update job_run set state = 'skipped', ended = clock_timestamp(), reason = :reason
					where job = :job and key = :key and state = 'waiting'""")
				.param("job", job)
				.param("key", one)
				.param("reason", reason)
				.update();
		}
	}

	private static String shortened(String reason) {
		String text = reason.replace('\0', ' ');
		return (text.length() > LONGEST_REASON) ? text.substring(0, LONGEST_REASON) : text;
	}

	/**
	 * What a run is given, beside its key.
	 *
	 * @param payload JSON for the handler; {@code null} for none
	 * @param priority the greater, the sooner of all that is due
	 * @param owner the only instance that may run it; {@code null} for any
	 */
	public record Order(@Nullable String payload, int priority, @Nullable String owner) {

		/** Nothing in particular. */
		public static final Order PLAIN = new Order(null, 0, null);

	}

	/**
	 * A run as it was taken from the queue.
	 *
	 * @param job name of the job
	 * @param key what is run
	 * @param version the version of its row since then
	 */
	public record Taken(String job, String key, long version) {
	}

	/**
	 * What the other runs of its job mean for one that wants to begin.
	 *
	 * @param inOrder whether it waits for the end of those that were due before
	 * @param most how many run at once; 0 for any number
	 */
	public record Limits(boolean inOrder, int most) {

		/**
		 * Tells whether other runs mean anything.
		 * @return whether they are looked at
		 */
		public boolean matter() {
			return inOrder || most > 0;
		}

	}

}
