package com.example.platform.grpc.autoconfigure;

import java.time.Duration;
import java.util.Map;

import com.example.platform.grpc.autoconfigure.ConnectionDefaults.Idle;
import com.example.platform.grpc.autoconfigure.ConnectionDefaults.Keepalive;
import org.junit.jupiter.api.Test;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionDefaultsTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void aBrokenConnectionIsNoticedInSecondsAndAnIdleOneStays() {
		assertThat(ConnectionDefaults.bind(environment)).isEmpty();
		assertThat(ConnectionDefaults.UNCHANGED).isEqualTo(new ConnectionDefaults(
				new Keepalive(Duration.ofSeconds(10), Duration.ofSeconds(2), true), new Idle(Duration.ofDays(1))));
	}

	@Test
	void whatIsSaidByTheKeysOfSpringBootCountsAndTheRestStaysAsItIs() {
		environment.setProperty("spring.grpc.client.channel.user-service.target", "discovery:///user-service");
		environment.setProperty("spring.grpc.client.channel.user-service.keepalive.time", "30");
		environment.setProperty("spring.grpc.client.channel.default.keepalive.without-calls", "false");
		environment.setProperty("spring.grpc.client.channel.default.idle.timeout", "20s");
		assertThat(ConnectionDefaults.bind(environment)).isEqualTo(Map.of("user-service",
				new ConnectionDefaults(new Keepalive(Duration.ofSeconds(30), Duration.ofSeconds(2), true),
						new Idle(Duration.ofDays(1))),
				"default", new ConnectionDefaults(new Keepalive(Duration.ofSeconds(10), Duration.ofSeconds(2), false),
						new Idle(Duration.ofSeconds(20)))));
	}

}
