package com.example.user.account;

import java.util.function.Supplier;

import com.example.platform.liveconfiguration.LiveConfiguration;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Binds the live configuration of this service.
 */
@Configuration(proxyBeanMethods = false)
class UserConfiguration {

	@Bean
	Supplier<UserSettings> userSettings(LiveConfiguration configuration) {
		return configuration.bind(UserSettings.class);
	}

}
