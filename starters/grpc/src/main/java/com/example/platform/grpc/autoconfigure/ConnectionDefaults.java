package com.example.platform.grpc.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.grpc.ManagedChannelBuilder;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.core.env.Environment;

/**
 * Spring Boot's keys of a channel's connections, with defaults by which a broken one is
 * noticed in seconds, also while nothing is called, and an idle one stays, so that the
 * next call need not wait for it.
 *
 * @param keepalive When the peer is asked whether it still answers.
 * @param idle When connections are closed for want of calls.
 */
record ConnectionDefaults(@DefaultValue Keepalive keepalive, @DefaultValue Idle idle) {

	private static final String CHANNELS = "spring.grpc.client.channel";

	/**
	 * The defaults alone.
	 */
	static final ConnectionDefaults UNCHANGED = new Binder().bindOrCreate(CHANNELS,
			Bindable.of(ConnectionDefaults.class));

	/**
	 * Reads the keys.
	 * @param environment where they are
	 * @return what is said of each channel, by its name
	 */
	static Map<String, ConnectionDefaults> bind(Environment environment) {
		return Binder.get(environment)
			.bind(CHANNELS, Bindable.mapOf(String.class, ConnectionDefaults.class))
			.orElseGet(Map::of);
	}

	void apply(ManagedChannelBuilder<?> builder) {
		builder.keepAliveTime(keepalive.time.toNanos(), TimeUnit.NANOSECONDS)
			.keepAliveTimeout(keepalive.timeout.toNanos(), TimeUnit.NANOSECONDS)
			.keepAliveWithoutCalls(keepalive.withoutCalls)
			.idleTimeout(idle.timeout.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * When the peer is asked whether it still answers.
	 *
	 * @param time Silence after which it is asked; gRPC takes at least 10 s.
	 * @param timeout Longest time for its answer.
	 * @param withoutCalls Whether it is asked while there is no call.
	 */
	record Keepalive(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("10s") Duration time,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("2s") Duration timeout,
			@DefaultValue("true") boolean withoutCalls) {
	}

	/**
	 * When connections are closed for want of calls.
	 *
	 * @param timeout Time without calls.
	 */
	record Idle(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("1d") Duration timeout) {
	}

}
