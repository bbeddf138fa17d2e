package com.example.order.placing;

import jakarta.validation.constraints.PositiveOrZero;

/**
 * An amount of money.
 *
 * @param minorUnits in the smallest unit of the currency: 1999 EUR is 19.99 euros
 * @param currency code of ISO 4217
 */
public record Money(@PositiveOrZero long minorUnits, @CurrencyCode String currency) {
}
