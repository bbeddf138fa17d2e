package com.example.platform.grpc.autoconfigure;

import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Configuration of gRPC servers beyond Spring Boot's own keys.
 *
 * @param threads Threads for handlers that do not block; the number of cores when not
 * set.
 * @param blockingThreads Most threads for handlers marked as blocking.
 * @param maxConcurrentCallsPerConnection Most calls under way on one connection; more
 * wait at the client.
 * @param flowControlWindow Most bytes of requests that a connection may send before
 * handlers have read them; each connection may cost as much memory.
 * @param maxStreamResetsPerMinute Most calls that a connection may begin and abandon in a
 * minute before it is closed.
 */
@Validated
@ConfigurationProperties("platform.grpc.server")
record GrpcProperties(@Nullable @Min(1) Integer threads, @DefaultValue("64") @Min(1) int blockingThreads,
		@DefaultValue("1000") @Min(1) int maxConcurrentCallsPerConnection,
		@DefaultValue("64KB") DataSize flowControlWindow, @DefaultValue("6000") @Min(1) int maxStreamResetsPerMinute) {

}
