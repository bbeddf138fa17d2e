package com.example.gateway;

import java.util.function.Supplier;

import com.example.platform.configclient.LiveConfiguration;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Binds the live configuration of the gateway.
 */
@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {

	@Bean
	Supplier<RetrySettings> retrySettings(LiveConfiguration configuration) {
		return configuration.bind(RetrySettings.class);
	}

	@Bean
	Supplier<RouteSettings> routeSettings(LiveConfiguration configuration) {
		return configuration.bind(RouteSettings.class);
	}

}
