package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Random;

import com.example.launcher.postgres.PostgresServer;
import com.example.launcher.process.FreePorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Proofs about {@code k8s/overlays/local/databases.sh}, which containers run at each
 * start.
 */
class DatabasesIntegrationTests {

	private final Path databases;

	private final Path data;

	DatabasesIntegrationTests(@TempDir Path folder) throws IOException {
		this.databases = Files.createDirectory(folder.resolve("databases"));
		this.data = folder.resolve("postgres");
	}

	@Test
	void aServiceThatIsAddedLaterGetsItsDatabaseAndTheOthersKeepTheirs() throws Exception {
		Tool bash = Tool.onPath("bash", "bash");
		Tool.onPath("psql", "postgresql-client");
		int port = new FreePorts(new Random()).next();
		try (PostgresServer server = PostgresServer.startVolatile(data, port, data.resolveSibling("log"))) {
			String superuser = server.awaitReady().database("other").password();
			Map<String, String> environment = Map.of("PGHOST", "127.0.0.1", "PGPORT", Integer.toString(port),
					"PGPASSWORD", superuser);
			Files.createDirectory(databases.resolve("user-service"));
			assertMade(bash.run(environment, script(), databases.toString()));
			execute(port, "user_service", password("user-service"), "create table kept ()");
			String password = password("user-service");

			Files.createDirectory(databases.resolve("stock-service"));
			assertMade(bash.run(environment, script(), databases.toString()));
			assertMade(bash.run(environment, script(), databases.toString()));

			assertThat(password("user-service")).isEqualTo(password);
			execute(port, "user_service", password, "select from kept");
			execute(port, "stock_service", password("stock-service"), "create table its_own ()");
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> connect(port, "stock_service", "user_service", password).close());

			Files.writeString(databases.resolve("user-service/password"), "another");
			assertMade(bash.run(environment, script(), databases.toString()));
			execute(port, "user_service", "another", "select from kept");
		}
	}

	private static String script() {
		return Repository.path("k8s/overlays/local/databases.sh").toString();
	}

	private static void assertMade(Tool.Result result) {
		assertThat(result.errors()).isEmpty();
		assertThat(result.exitCode()).isZero();
	}

	private String password(String service) throws IOException {
		return Files.readString(databases.resolve(service).resolve("password")).strip();
	}

	private static void execute(int port, String name, String password, String sql) throws SQLException {
		try (Connection connection = connect(port, name, name, password);
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static Connection connect(int port, String database, String user, String password) throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, user, password);
	}

}
