package com.example.platform.propagation.autoconfigure;

import com.example.platform.propagation.grpc.PropagatedHeaders;
import com.example.platform.propagation.grpc.PropagatingClientInterceptor;
import com.example.platform.propagation.grpc.PropagatingServerInterceptor;
import com.example.platform.propagation.restclient.PropagatingRequestInterceptor;
import com.example.platform.propagation.servlet.PropagationFilter;
import io.grpc.Context;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GlobalClientInterceptor;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Auto-configuration for what a request carries from hop to hop, wherever gRPC is on the
 * class path, whose context keeps it.
 */
@AutoConfiguration
@ConditionalOnClass(Context.class)
@ConditionalOnProperty(name = "platform.propagation.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PropagationProperties.class)
public final class PropagationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PropagatedHeaders propagatedHeaders(PropagationProperties properties) {
		return new PropagatedHeaders(properties.headers());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HandlerExceptionResolver.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class ServletConfiguration {

		@Bean
		@ConditionalOnMissingBean
		PropagationFilter propagationFilter(PropagatedHeaders headers,
				@Qualifier("handlerExceptionResolver") HandlerExceptionResolver exceptions) {
			return new PropagationFilter(headers, exceptions);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GlobalServerInterceptor.class)
	static class GrpcServerConfiguration {

		@Bean
		@GlobalServerInterceptor
		@ConditionalOnMissingBean
		PropagatingServerInterceptor propagatingServerInterceptor(PropagatedHeaders headers) {
			return new PropagatingServerInterceptor(headers);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GlobalClientInterceptor.class)
	static class GrpcClientConfiguration {

		@Bean
		@GlobalClientInterceptor
		@ConditionalOnMissingBean
		PropagatingClientInterceptor propagatingClientInterceptor() {
			return new PropagatingClientInterceptor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RestClientCustomizer.class)
	static class RestClientConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "propagatingRestClientCustomizer")
		RestClientCustomizer propagatingRestClientCustomizer() {
			return (builder) -> builder.requestInterceptor(new PropagatingRequestInterceptor());
		}

	}

}
