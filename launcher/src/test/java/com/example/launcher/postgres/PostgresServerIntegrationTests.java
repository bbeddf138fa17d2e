package com.example.launcher.postgres;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

import com.example.launcher.process.FreePorts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresServerIntegrationTests {

	private final FreePorts ports = new FreePorts(new Random());

	private final PostgresServer server;

	PostgresServerIntegrationTests(@TempDir Path folder) {
		this.server = start(folder);
	}

	@AfterAll
	void stop() {
		server.close();
	}

	@Test
	void dataIsThereAgainAfterARestartThoughAClientWasConnected(@TempDir Path folder) throws Exception {
		PostgresServer first = start(folder);
		Database users = first.database("user_service");
		update(users, "CREATE TABLE note (text TEXT)");
		update(users, "INSERT INTO note VALUES ('kept')");
		try (Connection client = connect(users)) {
			first.close();

			assertThat(first.process().isAlive()).isFalse();
			assertThat(client.isValid(1)).isFalse();
		}
		try (PostgresServer second = start(folder)) {
			assertThat(query(second.database("user_service"), "SELECT text FROM note")).isEqualTo("kept");
		}
	}

	@Test
	void aRoleOwnsItsDatabaseAndCannotCreateInAnother() throws Exception {
		Database users = server.database("user_service");
		Database orders = server.database("order_service");
		Database foreign = new Database(orders.url(), users.username(), users.password());

		assertThat(query(users, "SELECT current_user")).isEqualTo("user_service");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> update(foreign, "CREATE TABLE note (x INT)"))
			.withMessageContaining("permission denied");
	}

	@Test
	void aWrongPasswordIsRefused() {
		Database users = server.database("user_service");
		Database wrong = new Database(users.url(), users.username(), "guess");

		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(wrong, "SELECT 1"))
			.withMessageContaining("password authentication failed");
	}

	@Test
	void aNameThatNeedsQuotingIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> server.database("x; DROP DATABASE postgres"));
	}

	@Test
	void thePasswordDoesNotShowInText() {
		assertThat(new Database("jdbc:postgresql://127.0.0.1:1/a", "a", "secret")).asString().doesNotContain("secret");
	}

	private PostgresServer start(Path folder) {
		return PostgresServer
			.start(folder.resolve("postgres"), ports.next(), folder.resolve("postgres.log"), List.of(), (sentence) -> {
			})
			.awaitReady();
	}

	private static void update(Database database, String sql) throws SQLException {
		try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String query(Database database, String sql) throws SQLException {
		try (Connection connection = connect(database);
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			assertThat(rows.next()).isTrue();
			return rows.getString(1);
		}
	}

	private static Connection connect(Database database) throws SQLException {
		return DriverManager.getConnection(database.url(), database.username(), database.password());
	}

}
