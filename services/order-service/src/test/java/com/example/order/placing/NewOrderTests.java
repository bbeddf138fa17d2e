package com.example.order.placing;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NewOrderTests {

	private static final OrderLimits LIMITS = new OrderLimits(2, 10, 100);

	@Test
	void theTotalIsThatOfAllPieces() {
		assertThat(order(line(2, 15, "EUR"), line(1, 3, "EUR")).total()).isEqualTo(new Money(33, "EUR"));
	}

	@Test
	void aSecondCurrencyIsRefusedWhereItStands() {
		assertRefused(() -> order(line(1, 1, "EUR"), line(1, 1, "USD")).total(), "lines[1].unitPrice.currency");
	}

	@Test
	void aLineThatIsTooExpensiveToCountIsRefused() {
		assertRefused(() -> order(line(2, Long.MAX_VALUE, "EUR")).total(), "lines[0]");
	}

	@Test
	void aSumThatIsTooLargeToCountIsRefused() {
		assertRefused(() -> order(line(1, Long.MAX_VALUE, "EUR"), line(1, 1, "EUR")).total(), "lines[1]");
	}

	@Test
	void anOrderAtTheLimitsPasses() {
		LIMITS.check(order(line(10, 5, "EUR"), line(10, 5, "EUR")));
	}

	@Test
	void anOrderBeyondALimitIsRefused() {
		assertRefused(() -> LIMITS.check(order(line(1, 1, "EUR"), line(1, 1, "EUR"), line(1, 1, "EUR"))), "lines");
		assertRefused(() -> LIMITS.check(order(line(11, 1, "EUR"))), "lines[0].quantity");
		assertRefused(() -> LIMITS.check(order(line(1, 101, "EUR"))), "lines");
	}

	private static NewOrder order(OrderLine... lines) {
		return new NewOrder(1, List.of(lines));
	}

	private static OrderLine line(int quantity, long minorUnits, String currency) {
		return new OrderLine("A", quantity, new Money(minorUnits, currency));
	}

	private static void assertRefused(Runnable action, String field) {
		assertThatExceptionOfType(OrderRefusedException.class).isThrownBy(action::run)
			.extracting(OrderRefusedException::field)
			.isEqualTo(field);
	}

}
