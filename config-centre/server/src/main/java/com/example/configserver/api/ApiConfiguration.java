package com.example.configserver.api;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/**
 * Guards the API.
 */
@Configuration(proxyBeanMethods = false)
class ApiConfiguration {

	@Bean
	FilterRegistrationBean<WriteGuard> writeGuard(@Value("${platform.config-server.token:}") String token,
			JsonMapper json) {
		return new FilterRegistrationBean<>(new WriteGuard(token.isEmpty() ? null : token, json));
	}

}
