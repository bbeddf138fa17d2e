package com.example.order;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.example.platform.test.OpenApiDocument;
import com.example.platform.test.ReleasedRestApi;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OrderOpenApiIntegrationTests extends OrderServiceIntegrationTest {

	private static final String PLACE = "POST /api/orders";

	private static final String[] KEY = { "Idempotency-Key", "a" };

	private static final String[] PICTURE = { "Accept", "image/png" };

	private final OpenApiDocument api;

	private final HikariDataSource pool;

	OrderOpenApiIntegrationTests(GrpcServerLifecycle server, JdbcClient jdbc, @LocalServerPort int port,
			DataSource connections) throws SQLException {
		super(server, jdbc);
		this.api = new OpenApiDocument("http://127.0.0.1:" + port);
		this.pool = connections.unwrap(HikariDataSource.class);
	}

	@Test
	void whatWasReleasedDoesNotBreak() {
		new ReleasedRestApi("order-service").assertUnbroken(api);
	}

	@Test
	void theDocumentTellsWhatIsSentAndNothingElse() throws Exception {
		// The first call of a client may take longer than it has.
		await().until(() -> {
			api.requestWith(order(1, 1), PLACE, KEY);
			return jdbc.sql("select count(*) from orders").query(Integer.class).single() == 1;
		});
		for (String order : List.of(order(1, 1), order(1, 2), order(1, 0), order(ContractUserService.UNKNOWN, 1),
				"a".repeat(2 * 1024 * 1024))) {
			api.requestWith(order, PLACE, KEY);
		}
		api.requestWith(order(1, 1), PLACE, "Idempotency-Key", "a", "Accept", "image/png");
		api.requestWith(order(1, 1), PLACE, "Idempotency-Key", "a", "Content-Type", "text/plain");
		String order = "/api/orders/" + jdbc.sql("select id from orders").query(UUID.class).single();
		String cancel = "POST " + order + "/cancellation";
		String pay = "POST " + order + "/payment";
		for (String line : List.of("GET " + order, "GET /api/orders?userId=1", "GET /api/orders/limits", pay)) {
			api.request(line);
			api.request(line, PICTURE);
		}
		api.request(cancel);
		jdbc.sql("update orders set status = 'PLACED', paid_at = null").update();
		api.request(cancel);
		api.request(cancel, PICTURE);
		api.request(pay);
		for (String line : List.of("GET " + order, pay, cancel)) {
			api.request(line.replaceFirst("orders/[^/]+", "orders/x"));
			api.request(line.replaceFirst("orders/[^/]+", "orders/" + UUID.randomUUID()));
		}
		api.request("GET /api/orders?userId=0");
		withoutDatabase(() -> api.requestWith(order(1, 1), PLACE, KEY), () -> api.request("GET " + order),
				() -> api.request("GET /api/orders?userId=1"), () -> api.request(cancel), () -> api.request(pay));

		// Only the gateway answers that, while there is no instance.
		assertThat(api.told()).contains("GET /api/orders/limits 503 application/problem+json")
			.filteredOn((answer) -> !answer.contains("limits 503"))
			.containsExactlyInAnyOrderElementsOf(api.sent());
	}

	private static String order(long userId, int quantity) {
		return """
				{"userId": %d,
				 "lines": [{"sku": "A", "quantity": %d, "unitPrice": {"minorUnits": 10, "currency": "EUR"}}]}"""
			.formatted(userId, quantity);
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
