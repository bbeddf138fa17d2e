package com.example.platform.discovery.registration;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HealthProbeTests {

	private final InstanceLifecycle lifecycle = new InstanceLifecycle();

	private final BlockingQueue<List<String>> heard = new LinkedBlockingQueue<>();

	private DownComponents components = () -> List.of("db");

	private final HealthProbe probe = new HealthProbe(() -> components.names(), lifecycle, heard::add);

	@AfterEach
	void close() {
		probe.close();
	}

	@Test
	void nobodyIsAskedBeforeTheInstanceTakesCalls() throws InterruptedException {
		probe.probeNow();
		assertThat(heard.poll(10, TimeUnit.SECONDS)).isEmpty();
		lifecycle.readiness(true);
		probe.probeNow();
		assertThat(heard.poll(10, TimeUnit.SECONDS)).containsExactly("db");
	}

	@Test
	void aHealthThatCannotBeToldIsDown() throws InterruptedException {
		lifecycle.readiness(true);
		components = () -> {
			throw new IllegalStateException("expected by a test");
		};
		probe.probeNow();
		assertThat(heard.poll(10, TimeUnit.SECONDS)).containsExactly("health");
	}

	@Test
	void healthIsAskedForAgainAndAgainUntilTheProbeIsClosed() throws InterruptedException {
		lifecycle.readiness(true);
		probe.start(Duration.ofMillis(10));
		assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
		assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
		probe.close();
		probe.probeNow();
	}

}
