package com.example.platform.scheduling.lock;

import java.util.List;
import java.util.concurrent.Future;

import javax.sql.DataSource;

import com.example.launcher.postgres.Database;
import com.example.platform.scheduling.lock.postgres.PostgresLocks;
import com.example.platform.test.TestServers;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PostgresLocksIntegrationTests extends LocksContractTests {

	private static final Database DATABASE = TestServers.newDatabase();

	private static final int PORT = Integer.parseInt(DATABASE.url().replaceAll(".*:(\\d+)/.*", "$1"));

	private final JdbcTemplate sql = new JdbcTemplate(dataSource(PORT));

	@BeforeAll
	static void migrate() {
		new ResourceDatabasePopulator(
				new ClassPathResource("com/example/platform/scheduling/migration/V2__lock_fence.sql"))
			.execute(dataSource(PORT));
	}

	@Override
	Locks locks(int port) {
		return new PostgresLocks(dataSource(port));
	}

	@Override
	int port() {
		return PORT;
	}

	@Override
	List<String> server() {
		return List.of(DATABASE.url(), DATABASE.username(), DATABASE.password());
	}

	@Test
	void aHolderWhoseConnectionTheServerEndsKnowsBeforeAnotherHasTheLock() throws Exception {
		Lock lock = newLocks().tryAcquire(name).orElseThrow();
		Future<Long> noticed = timeOfLoss(lock);
		long ended = System.nanoTime();
		sql.queryForList("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
				+ " and database = (select oid from pg_database where datname = current_database())"
				+ " and objid::bigint = (hashtextextended(?, 0) & 4294967295)", name);
		Future<Long> acquired = timeOfAcquiring(newLocks());
		print("ended by the server: the holder knows after", ended, noticed.get());
		print("ended by the server: another has the lock after", ended, acquired.get());
		assertThat(acquired.get() - noticed.get()).isPositive();
	}

	@Test
	void aPoolGetsItsConnectionBackAsItWas() {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(dataSource(PORT));
			pool.setMaximumPoolSize(1);
			JdbcTemplate pooled = new JdbcTemplate(pool);
			Integer before = pooled.queryForObject("select pg_backend_pid()", Integer.class);
			try (Locks locks = new PostgresLocks(pool)) {
				locks.tryAcquire(name).orElseThrow().close();
			}
			assertThat(pooled.queryForObject("select pg_backend_pid()", Integer.class)).isEqualTo(before);
			assertThat(pooled.queryForObject("show idle_session_timeout", String.class)).isEqualTo("0");
			assertThat(pooled.queryForObject("show lock_timeout", String.class)).isEqualTo("0");
			assertThat(pooled.queryForObject(
					"select count(*) from pg_locks where locktype = 'advisory' and pid = " + "pg_backend_pid()",
					Integer.class))
				.isZero();
		}
	}

	@Test
	void aPoolGetsRidOfTheConnectionOfALockThatWasLost() {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(dataSource(PORT));
			pool.setMaximumPoolSize(1);
			JdbcTemplate pooled = new JdbcTemplate(pool);
			Integer before = pooled.queryForObject("select pg_backend_pid()", Integer.class);
			try (Locks locks = new PostgresLocks(pool)) {
				Lock lock = locks.tryAcquire(name).orElseThrow();
				sql.queryForList("select pg_terminate_backend(?)", before);
				await().until(() -> !lock.isHeld());
				assertThat(pooled.queryForObject("select pg_backend_pid()", Integer.class)).isNotEqualTo(before);
				assertThat(locks.tryAcquire(name)).isPresent();
			}
		}
	}

	@Test
	void theFenceIsComparedWhereItIsWritten() {
		sql.execute("create table if not exists report (id int primary key, text varchar(9), fence bigint)");
		sql.execute("delete from report");
		sql.execute("insert into report values (1, '', 0)");
		Locks locks = newLocks();
		Lock first = locks.tryAcquire(name).orElseThrow();
		first.close();
		Lock second = locks.tryAcquire(name).orElseThrow();
		String update = "update report set text = ?, fence = ? where id = 1 and fence <= ?";
		assertThat(sql.update(update, "second", second.fence(), second.fence())).isEqualTo(1);
		assertThat(sql.update(update, "late", first.fence(), first.fence())).isZero();
	}

	private static DataSource dataSource(int port) {
		// How long connecting may take is the data source's own affair.
		return new DriverManagerDataSource(
				DATABASE.url().replace(":" + PORT + "/", ":" + port + "/") + "?loginTimeout=1", DATABASE.username(),
				DATABASE.password());
	}

}
