package com.example.platform.resilience.autoconfigure;

import com.example.platform.defaults.ClientCallOrder;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.autoconfigure.LiveConfigurationAutoConfiguration;
import com.example.platform.resilience.CallGuards;
import com.example.platform.resilience.ResilienceSettings;
import com.example.platform.resilience.actuate.ResilienceEndpoint;
import com.example.platform.resilience.actuate.ResilienceMetrics;
import com.example.platform.resilience.grpc.GuardingClientInterceptor;
import com.example.platform.resilience.restclient.GuardingRequestInterceptor;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.client.GlobalClientInterceptor;

/**
 * Auto-configuration for calls that are not worth making.
 */
@AutoConfiguration(after = LiveConfigurationAutoConfiguration.class)
@ConditionalOnBean(LiveConfiguration.class)
public final class ResilienceAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CallGuards callGuards(LiveConfiguration live) {
		CallGuards guards = new CallGuards(live.bind(ResilienceSettings.class).get(), System::nanoTime);
		live.follow(ResilienceSettings.class, guards::configure);
		return guards;
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GlobalClientInterceptor.class)
	static class GrpcConfiguration {

		@Bean
		@Order(ClientCallOrder.GUARD)
		@GlobalClientInterceptor
		@ConditionalOnMissingBean
		GuardingClientInterceptor guardingClientInterceptor(CallGuards guards) {
			return new GuardingClientInterceptor(guards);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RestClientCustomizer.class)
	static class RestClientConfiguration {

		// The outermost interceptor: balancing replaces the name of the host.
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		@ConditionalOnMissingBean(name = "guardingRestClientCustomizer")
		RestClientCustomizer guardingRestClientCustomizer(CallGuards guards) {
			return (builder) -> builder
				.requestInterceptors((all) -> all.add(0, new GuardingRequestInterceptor(guards)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ResilienceMetrics resilienceMetrics(CallGuards guards) {
			return new ResilienceMetrics(guards);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Endpoint.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ResilienceEndpoint resilienceEndpoint(CallGuards guards) {
			return new ResilienceEndpoint(guards);
		}

	}

}
