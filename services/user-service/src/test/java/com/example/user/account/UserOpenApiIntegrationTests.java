package com.example.user.account;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.example.platform.test.OpenApiDocument;
import com.example.platform.test.ReleasedRestApi;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

@UserServiceTest
class UserOpenApiIntegrationTests {

	private static final String USER = "{\"name\":\"Ada\",\"email\":\"ada@example.com\"}";

	private static final String CHANGE = "{\"name\":\"A\",\"email\":\"a@example.com\",\"status\":\"ACTIVE\"}";

	private static final String TOO_LARGE = "a".repeat(2 * 1024 * 1024);

	private static final String[] PICTURE = { "Accept", "image/png" };

	private static final String[] TEXT = { "Content-Type", "text/plain" };

	private final OpenApiDocument api;

	private final JdbcClient jdbc;

	private final HikariDataSource pool;

	UserOpenApiIntegrationTests(@LocalServerPort int port, JdbcClient jdbc, DataSource connections)
			throws SQLException {
		this.api = new OpenApiDocument("http://127.0.0.1:" + port);
		this.jdbc = jdbc;
		this.pool = connections.unwrap(HikariDataSource.class);
	}

	@Test
	void whatWasReleasedDoesNotBreak() {
		new ReleasedRestApi("user-service").assertUnbroken(api);
	}

	@Test
	void theDocumentTellsWhatIsSentAndNothingElse() throws Exception {
		jdbc.sql("delete from users").update();
		for (int i = 0; i < 2; i++) {
			api.requestWith(USER, "POST /api/users");
		}
		String user = "/api/users/" + jdbc.sql("select id from users").query(Long.class).single();
		jdbc.sql("insert into users (name, email) values ('Bob', 'bob@example.com')").update();
		for (String creation : List.of("{}", TOO_LARGE)) {
			api.requestWith(creation, "POST /api/users");
		}
		for (String change : List.of(CHANGE, "{}", CHANGE.replace("a@", "bob@"), TOO_LARGE)) {
			api.requestWith(change, "PUT " + user);
		}
		api.requestWith(CHANGE, "PUT /api/users/0");
		for (String[] headers : List.of(PICTURE, TEXT)) {
			api.requestWith(USER, "POST /api/users", headers);
			api.requestWith(CHANGE, "PUT " + user, headers);
		}
		for (String line : List.of("GET /api/users", "GET " + user, "GET /api/users/greeting", "DELETE " + user)) {
			api.request(line, PICTURE);
			api.request(line);
		}
		for (String line : List.of("GET /api/users?size=0", "GET /api/users/0", "GET /api/users/x",
				"DELETE /api/users/0", "DELETE /api/users/x")) {
			api.request(line);
		}
		withoutDatabase(() -> api.requestWith(USER, "POST /api/users"),
				() -> api.requestWith(CHANGE, "PUT /api/users/1"), () -> api.request("GET /api/users"),
				() -> api.request("GET /api/users/1"), () -> api.request("DELETE /api/users/1"));

		// Only the gateway answers that, while there is no instance.
		assertThat(api.told()).contains("GET /api/users/greeting 503 application/problem+json")
			.filteredOn((answer) -> !answer.contains("greeting 503"))
			.containsExactlyInAnyOrderElementsOf(api.sent());
	}

	/** Runs all at once while no connection to the database is free. */
	private void withoutDatabase(Runnable... requests) throws SQLException {
		List<Connection> all = new ArrayList<>();
		try {
			while (all.size() < pool.getMaximumPoolSize()) {
				all.add(pool.getConnection());
			}
			Stream.of(requests).parallel().forEach(Runnable::run);
		}
		finally {
			for (Connection connection : all) {
				connection.close();
			}
		}
	}

}
