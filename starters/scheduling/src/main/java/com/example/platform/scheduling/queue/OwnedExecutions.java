package com.example.platform.scheduling.queue;

import java.time.Instant;
import java.util.List;

import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Execution;

/**
 * Takes what is due as db-scheduler does, by {@code for update skip locked} in one
 * statement, except that a row with an owner is for that instance alone, and one of a job
 * that this instance does not know for another.
 */
public final class OwnedExecutions extends PostgreSqlJdbcCustomization {

	private final String[] jobs;

	/**
	 * Creates the customization.
	 * @param tasks what this instance can run, by the name of db-scheduler's task
	 */
	public OwnedExecutions(List<String> tasks) {
		super(false, false);
		this.jobs = tasks.toArray(String[]::new);
	}

	@Override
	public List<Execution> lockAndFetchSingleStatement(JdbcTaskRepositoryContext context, Instant now, int limit,
			boolean orderByPriority) {
		String me = context.schedulerName.getName();
		return context.jdbcRunner.query("""
				with due as (
				  select task_name, task_instance from job_queue
				  where not picked and execution_time <= ? and (owner is null or owner = ?) and task_name = any (?)
				  order by priority desc, execution_time limit ? for update skip locked),
				taken as (
				  update job_queue set picked = true, picked_by = ?, last_heartbeat = ?, version = version + 1
				  from due where job_queue.task_name = due.task_name and job_queue.task_instance = due.task_instance
				  returning job_queue.*)
				select * from taken order by priority desc, execution_time""", (statement) -> {
			setInstant(statement, 1, now);
			statement.setString(2, me);
			statement.setArray(3, statement.getConnection().createArrayOf("text", jobs));
			statement.setInt(4, limit);
			statement.setString(5, me);
			setInstant(statement, 6, now);
		}, context.resultSetMapper.get());
	}

}
