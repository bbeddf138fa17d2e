package com.example.order.placing;

import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;

import static com.example.order.placing.OrderRefusedException.Reason.INVALID;

/**
 * What is needed to place an order.
 *
 * @param userId who orders
 * @param lines what is ordered, all in one currency
 */
public record NewOrder(@Positive long userId, @NotEmpty List<@NotNull @Valid OrderLine> lines) {

	/**
	 * Returns the price of all lines.
	 * @throws OrderRefusedException if the lines differ in currency or the price does not
	 * fit
	 */
	public Money total() {
		String currency = lines.get(0).unitPrice().currency();
		long total = 0;
		for (int i = 0; i < lines.size(); i++) {
			Money unitPrice = lines.get(i).unitPrice();
			if (!unitPrice.currency().equals(currency)) {
				throw new OrderRefusedException(INVALID, "lines[" + i + "].unitPrice.currency",
						"must be " + currency + " as in the first line");
			}
			try {
				total = Math.addExact(total, Math.multiplyExact(unitPrice.minorUnits(), lines.get(i).quantity()));
			}
			catch (ArithmeticException ex) {
				throw new OrderRefusedException(INVALID, "lines[" + i + "]", "makes the total too large");
			}
		}
		return new Money(total, currency);
	}

}
