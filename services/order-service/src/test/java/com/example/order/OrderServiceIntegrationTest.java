package com.example.order;

import com.example.contracts.order.v1.Money;
import com.example.contracts.order.v1.OrderLine;
import com.example.contracts.order.v1.PlaceOrderRequest;
import com.example.contracts.order.v1.PlacingServiceGrpc;
import com.example.platform.test.WithPostgres;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestConstructor.AutowireMode;

/**
 * Runs the whole order-service on free ports and a database of its own.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.cloud.config.enabled=false", "spring.cloud.consul.enabled=false",
				"spring.grpc.server.port=0", "orders.watching.poll-interval=20ms", "orders.customers.eligible-for=0s",
				// what one test has fail must not keep the next from asking
				"platform.resilience.defaults.circuit-breaker.enabled=false" })
@WithPostgres
@TestConstructor(autowireMode = AutowireMode.ALL)
abstract class OrderServiceIntegrationTest {

	static final ContractUserService USER_SERVICE = new ContractUserService();

	final ManagedChannel channel;

	final PlacingServiceGrpc.PlacingServiceBlockingStub orders;

	final JdbcClient jdbc;

	OrderServiceIntegrationTest(GrpcServerLifecycle server, JdbcClient jdbc) {
		channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
		orders = PlacingServiceGrpc.newBlockingStub(channel);
		this.jdbc = jdbc;
	}

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("spring.grpc.client.channel.user-service.target",
				() -> "static://127.0.0.1:" + USER_SERVICE.port());
	}

	@BeforeEach
	void deleteOrders() {
		jdbc.sql("truncate orders, order_line, order_event").update();
		USER_SERVICE.failNext(0);
	}

	@AfterEach
	void closeChannel() {
		channel.shutdownNow();
	}

	static PlaceOrderRequest request(long userId, String key, OrderLine... lines) {
		PlaceOrderRequest.Builder request = PlaceOrderRequest.newBuilder().setUserId(userId).setIdempotencyKey(key);
		for (OrderLine line : lines) {
			request.addLines(line);
		}
		return request.build();
	}

	static OrderLine line(String sku, int quantity, long minorUnits) {
		return OrderLine.newBuilder()
			.setSku(sku)
			.setQuantity(quantity)
			.setUnitPrice(Money.newBuilder().setMinorUnits(minorUnits).setCurrency("EUR"))
			.build();
	}

	int count(String table) {
		return jdbc.sql("select count(*) from " + table).query(Integer.class).single();
	}

}
