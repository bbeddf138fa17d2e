package com.example.order.placing;

import java.util.List;

import com.example.platform.liveconfiguration.Live;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import static com.example.order.placing.OrderRefusedException.Reason.LIMIT_EXCEEDED;

/**
 * The most that one order may contain; live configuration.
 *
 * @param maxLines Most lines of an order.
 * @param maxQuantity Most pieces of one line.
 * @param maxTotalMinorUnits Highest total, in minor units of whatever currency.
 */
@Live
@ConfigurationProperties("orders.limits")
record OrderLimits(@DefaultValue("20") @Positive @Max(1000) int maxLines,
		@DefaultValue("1000") @Positive int maxQuantity, @DefaultValue("100000000") @Positive long maxTotalMinorUnits) {

	void check(NewOrder order) {
		List<OrderLine> lines = order.lines();
		if (lines.size() > maxLines) {
			throw exceeded("lines", "must be at most " + maxLines);
		}
		for (int i = 0; i < lines.size(); i++) {
			if (lines.get(i).quantity() > maxQuantity) {
				throw exceeded("lines[" + i + "].quantity", "must be at most " + maxQuantity);
			}
		}
		if (order.total().minorUnits() > maxTotalMinorUnits) {
			throw exceeded("lines", "must cost at most " + maxTotalMinorUnits + " minor units in all");
		}
	}

	private static OrderRefusedException exceeded(String field, String message) {
		return new OrderRefusedException(LIMIT_EXCEEDED, field, message);
	}

}
