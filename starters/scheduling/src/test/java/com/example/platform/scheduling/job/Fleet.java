package com.example.platform.scheduling.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import com.example.launcher.postgres.Database;
import com.example.platform.scheduling.queue.QueueConnections;
import com.example.platform.scheduling.queue.Run;
import com.example.platform.scheduling.queue.RunHistory;
import com.example.platform.scheduling.queue.RunState;
import com.example.platform.scheduling.queue.Tables;
import com.example.platform.test.TestServers;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * Several instances of a service with one database, in one process.
 */
public final class Fleet implements AutoCloseable {

	private final Database database = TestServers.newDatabase();

	private final List<JobScheduler> instances = new ArrayList<>();

	private final Map<JobScheduler, HikariDataSource> connections = new HashMap<>();

	private volatile SchedulingSettings settings = settings(Map.of());

	public final HikariDataSource service = pool(8);

	public final JdbcClient jdbc = JdbcClient.create(service);

	public final RunHistory history = new RunHistory(jdbc);

	public Fleet() {
		Tables.migrate(service);
	}

	public static SchedulingSettings settings(Map<String, String> keys) {
		Map<String, String> all = new TreeMap<>(keys);
		return new Binder(new MapConfigurationPropertySource(all)).bindOrCreate("platform.scheduling",
				SchedulingSettings.class);
	}

	/** All instances obey these keys from now on. */
	public Fleet configure(String... keysAndValues) {
		Map<String, String> keys = new TreeMap<>();
		for (int i = 0; i < keysAndValues.length; i += 2) {
			keys.put("platform.scheduling." + keysAndValues[i], keysAndValues[i + 1]);
		}
		settings = settings(keys);
		instances.forEach(JobScheduler::settingsChanged);
		return this;
	}

	public JobScheduler start(JobDefinition... jobs) {
		JobScheduler instance = create();
		instance.start(List.of(jobs));
		return instance;
	}

	/** An instance that does nothing yet. */
	public JobScheduler create() {
		HikariDataSource own = QueueConnections.open(service);
		JobScheduler instance = new JobScheduler("instance-" + (instances.size() + 1), () -> settings, own, jdbc,
				new JdbcTransactionManager(service), JobListener.NONE);
		instances.add(instance);
		connections.put(instance, own);
		return instance;
	}

	/** The instance does not reach the database any more, while its runs go on. */
	public void isolate(JobScheduler instance) {
		Objects.requireNonNull(connections.get(instance)).close();
	}

	public List<Run> runs(String job) {
		return history.latest(job, 1000);
	}

	public List<Run> runs(String job, RunState state) {
		return runs(job).stream().filter((run) -> run.state() == state).toList();
	}

	private HikariDataSource pool(int size) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(database.url());
		pool.setUsername(database.username());
		pool.setPassword(database.password());
		pool.setMaximumPoolSize(size);
		pool.setMinimumIdle(1);
		pool.setConnectionTimeout(1000);
		return pool;
	}

	@Override
	public void close() {
		instances.forEach(JobScheduler::close);
		service.close();
	}

}
