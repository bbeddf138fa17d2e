package com.example.platform.grpc.autoconfigure;

import com.example.platform.grpc.OpenStreams;
import com.example.platform.grpc.UnavailableDataGrpcExceptionHandler;
import com.example.platform.grpc.UnexpectedGrpcExceptionHandler;
import com.example.platform.grpc.ValidationGrpcExceptionHandler;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;

/**
 * Auto-configuration for what a gRPC server answers when a call fails or the server shuts
 * down.
 */
@AutoConfiguration(before = GrpcServerAutoConfiguration.class)
@ConditionalOnProperty(name = "platform.grpc.enabled", matchIfMissing = true)
public final class PlatformGrpcAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ValidationGrpcExceptionHandler validationGrpcExceptionHandler() {
		return new ValidationGrpcExceptionHandler();
	}

	@Bean
	@ConditionalOnMissingBean
	UnexpectedGrpcExceptionHandler unexpectedGrpcExceptionHandler() {
		return new UnexpectedGrpcExceptionHandler();
	}

	@Bean
	@ConditionalOnMissingBean
	OpenStreams openStreams() {
		return new OpenStreams();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DataAccessException.class)
	static class DataAccessConfiguration {

		@Bean
		@ConditionalOnMissingBean
		UnavailableDataGrpcExceptionHandler unavailableDataGrpcExceptionHandler() {
			return new UnavailableDataGrpcExceptionHandler();
		}

	}

}
