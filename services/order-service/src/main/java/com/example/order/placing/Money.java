package com.example.order.placing;

import jakarta.validation.constraints.PositiveOrZero;

/**
 * An amount of money.
 *
 * @param minorUnits in the smallest unit of the currency: 1999 EUR is 19.99 euros
 * @param currency code of ISO 4217
 */
public record Money(@PositiveOrZero long minorUnits, @CurrencyCode String currency) {

	/**
	 * Adds an amount of the same currency.
	 * @throws ArithmeticException if the sum does not fit
	 */
	Money plus(Money other) {
		if (!currency.equals(other.currency)) {
			throw new IllegalArgumentException("cannot add " + other.currency + " to " + currency);
		}
		return new Money(Math.addExact(minorUnits, other.minorUnits), currency);
	}

	/**
	 * Multiplies the amount.
	 * @throws ArithmeticException if the product does not fit
	 */
	Money times(int factor) {
		return new Money(Math.multiplyExact(minorUnits, factor), currency);
	}

}
