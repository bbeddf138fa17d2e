package com.example.platform.observability.autoconfigure;

import com.example.platform.observability.reactive.FaultOfExchanges;
import com.example.platform.observability.reactive.RequestIdHandlerDecorator;
import com.example.platform.observability.servlet.FaultOfRequests;
import com.example.platform.observability.servlet.RequestIdFilter;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration for request ids, and for metrics that say whose fault a failure was.
 * Health, metrics and tracing are Spring Boot's own, with the defaults of this starter.
 */
@AutoConfiguration
public final class ObservabilityAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class ServletConfiguration {

		@Bean
		@ConditionalOnMissingBean
		FaultOfRequests faultOfRequests() {
			return new FaultOfRequests();
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnProperty(name = "platform.observability.request-id.enabled", matchIfMissing = true)
		RequestIdFilter requestIdFilter(
				@Value("${spring.cloud.consul.discovery.instance-id:${spring.application.name:unknown}}") String instanceId) {
			return new RequestIdFilter(instanceId);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class ReactiveConfiguration {

		@Bean
		@ConditionalOnMissingBean
		FaultOfExchanges faultOfExchanges() {
			return new FaultOfExchanges();
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnProperty(name = "platform.observability.request-id.enabled", matchIfMissing = true)
		RequestIdHandlerDecorator requestIdHandlerDecorator() {
			return new RequestIdHandlerDecorator();
		}

	}

}
