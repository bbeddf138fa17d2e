package com.example.order;

import java.time.Duration;

import com.example.contracts.order.v1.PlaceOrderRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

@TestPropertySource(properties = "orders.customers.eligible-for=2s")
class RememberedCustomerIntegrationTests extends OrderServiceIntegrationTest {

	RememberedCustomerIntegrationTests(GrpcServerLifecycle server, JdbcClient jdbc) {
		super(server, jdbc);
	}

	@Test
	void whoMayOrderIsAskedAboutOnceInSomeSecondsAndThenAgain() {
		for (int i = 0; i < 5; i++) {
			orders.placeOrder(request(71, "a" + i, line("A", 1, 10)));
		}
		assertThat(USER_SERVICE.calls()).isOne();
		await().atMost(Duration.ofSeconds(20)).until(() -> {
			orders.placeOrder(request(71, "b" + System.nanoTime(), line("A", 1, 10)));
			return USER_SERVICE.calls() == 2;
		});
	}

	@Test
	void whoMayNotIsAskedAboutEachTime() {
		PlaceOrderRequest order = request(ContractUserService.BLOCKED, "a", line("A", 1, 10));
		for (int i = 0; i < 3; i++) {
			assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> orders.placeOrder(order)).getStatus()
				.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
		}
		assertThat(USER_SERVICE.calls()).isEqualTo(3);
	}

}
