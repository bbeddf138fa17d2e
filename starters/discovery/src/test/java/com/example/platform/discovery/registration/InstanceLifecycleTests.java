package com.example.platform.discovery.registration;

import java.util.List;

import com.example.platform.consul.Check.Status;
import com.example.platform.discovery.registration.InstanceLifecycle.Change;
import com.example.platform.discovery.registration.InstanceLifecycle.Report;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceLifecycleTests {

	private final InstanceLifecycle lifecycle = new InstanceLifecycle();

	@Test
	void anInstanceIsCriticalUntilItIsReady() {
		assertThat(lifecycle.report()).isEqualTo(new Report(InstanceState.STARTING, "starting"));
		assertThat(lifecycle.report().status()).isEqualTo(Status.CRITICAL);
		assertThat(lifecycle.wasReady()).isFalse();
		assertThat(lifecycle.readiness(true)).isEqualTo(Change.READY_AT_LAST);
		assertThat(lifecycle.report().status()).isEqualTo(Status.PASSING);
		assertThat(lifecycle.wasReady()).isTrue();
	}

	@Test
	void whatIsKnownAlreadyIsNoChange() {
		lifecycle.readiness(true);
		assertThat(lifecycle.readiness(true)).isEqualTo(Change.NONE);
		assertThat(lifecycle.health(List.of())).isEqualTo(Change.NONE);
	}

	@Test
	void aComponentThatIsDownIsAWarningUntilItIsUpAgain() {
		lifecycle.readiness(true);
		assertThat(lifecycle.health(List.of("db", "kafka"))).isEqualTo(Change.REPORT);
		assertThat(lifecycle.report()).isEqualTo(new Report(InstanceState.WARNING, "down: db, kafka"));
		assertThat(lifecycle.health(List.of())).isEqualTo(Change.REPORT);
		assertThat(lifecycle.state()).isEqualTo(InstanceState.PASSING);
	}

	@Test
	void theHealthOfOneThatTakesNoCallsChangesNothing() {
		assertThat(lifecycle.health(List.of("db"))).isEqualTo(Change.NONE);
		lifecycle.readiness(true);
		assertThat(lifecycle.readiness(false)).isEqualTo(Change.REPORT);
		assertThat(lifecycle.health(List.of())).isEqualTo(Change.NONE);
		assertThat(lifecycle.report()).isEqualTo(new Report(InstanceState.DRAINING, "draining"));
	}

	@Test
	void oneThatComesBackIsNotReadyForTheFirstTime() {
		lifecycle.readiness(true);
		lifecycle.readiness(false);
		assertThat(lifecycle.readiness(true)).isEqualTo(Change.REPORT);
		lifecycle.gone();
		assertThat(lifecycle.state()).isEqualTo(InstanceState.GONE);
	}

}
