package com.example.order.placing;

import java.util.function.Supplier;

import com.example.platform.liveconfiguration.LiveConfiguration;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Binds the live configuration of placing.
 */
@Configuration(proxyBeanMethods = false)
class PlacingConfiguration {

	@Bean
	Supplier<OrderLimits> orderLimits(LiveConfiguration configuration) {
		return configuration.bind(OrderLimits.class);
	}

}
