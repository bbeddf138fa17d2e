package com.example.platform.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import com.example.platform.resilience.CallGuard.Outcome;
import com.example.platform.resilience.CallGuard.State;
import com.example.platform.resilience.CallRefusedException.Reason;
import com.example.platform.resilience.ResilienceSettings.CircuitBreaker;
import com.example.platform.resilience.ResilienceSettings.Policy;
import com.example.platform.resilience.ResilienceSettings.ServicePolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class CallGuardTests {

	private static final Duration AT_ONCE = Duration.ofMillis(1);

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

	private final CallGuards guards = new CallGuards(settings(null, null), nanos::get);

	private final CallGuard guard = guards.guard("user-service", "GetUser");

	@AfterEach
	void close() {
		guards.close();
	}

	@Test
	void halfOfTheCallsFailingOpensItAndThenNoneIsMade() throws CallRefusedException {
		calls(3, Outcome.SUCCEEDED);
		calls(2, Outcome.FAILED);
		assertThat(guard.state()).isEqualTo(State.CLOSED);
		calls(1, Outcome.FAILED);
		assertThat(guard.state()).isEqualTo(State.OPEN);
		assertRefused(Reason.OPEN);
		assertThat(guard.refused(Reason.OPEN)).isOne();
		assertThat(guard.underWay()).isZero();
	}

	@Test
	void fewCallsSayNothing() throws CallRefusedException {
		calls(4, Outcome.FAILED);
		assertThat(guard.state()).isEqualTo(State.CLOSED);
		assertThat(guard.failureShare()).isEqualTo(-1);
	}

	@Test
	void whatLiesFurtherBackThanTheWindowCountsNoMore() throws CallRefusedException {
		calls(4, Outcome.FAILED);
		pass(Duration.ofSeconds(2));
		calls(4, Outcome.FAILED);
		assertThat(guard.state()).isEqualTo(State.CLOSED);
	}

	@Test
	void whatNobodyCanSayDoesNotCount() throws CallRefusedException {
		calls(20, Outcome.UNKNOWN);
		calls(4, Outcome.FAILED);
		assertThat(guard.state()).isEqualTo(State.CLOSED);
	}

	@Test
	void afterATimeAFewCallsDecideWhetherItCloses() throws CallRefusedException {
		calls(5, Outcome.FAILED);
		pass(Duration.ofSeconds(1));
		assertRefused(Reason.OPEN);
		pass(Duration.ofMillis(1));
		List<CallGuard.Call> trial = List.of(guard.enter(), guard.enter(), guard.enter());
		assertRefused(Reason.OPEN);
		trial.forEach((call) -> call.end(Outcome.SUCCEEDED));
		assertThat(guard.state()).isEqualTo(State.CLOSED);
		// What was before is forgotten.
		calls(2, Outcome.FAILED);
		calls(3, Outcome.SUCCEEDED);
		assertThat(guard.state()).isEqualTo(State.CLOSED);
	}

	@Test
	void itOpensAgainWhenTheyFail() throws CallRefusedException {
		calls(5, Outcome.FAILED);
		pass(Duration.ofMillis(1001));
		calls(3, Outcome.FAILED);
		assertThat(guard.state()).isEqualTo(State.OPEN);
	}

	@Test
	void aTrialOfWhichNobodyCanSayHowItEndedMayBeRepeated() throws CallRefusedException {
		calls(5, Outcome.FAILED);
		pass(Duration.ofMillis(1001));
		calls(10, Outcome.UNKNOWN);
		calls(3, Outcome.SUCCEEDED);
		assertThat(guard.state()).isEqualTo(State.CLOSED);
	}

	@Test
	void aCallThatGoesOnIsSlowAsSoonAsItIsAndCountsOnce() throws CallRefusedException {
		guards.configure(settings(AT_ONCE, null));
		List<CallGuard.Call> hanging = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			hanging.add(guard.enter());
		}
		await().until(() -> guard.state() == State.OPEN);
		assertThat(guard.underWay()).isEqualTo(5);
		hanging.forEach((call) -> call.end(Outcome.SUCCEEDED));
		assertThat(guard.underWay()).isZero();
		assertThat(guard.state()).isEqualTo(State.OPEN);
	}

	@Test
	void trialsThatHangOpenItAgain() throws CallRefusedException {
		calls(5, Outcome.FAILED);
		pass(Duration.ofMillis(1001));
		guards.configure(settings(AT_ONCE, null));
		calls(5, Outcome.FAILED);
		pass(Duration.ofMillis(1001));
		for (int i = 0; i < 3; i++) {
			guard.enter();
		}
		await().until(() -> guard.state() == State.OPEN);
	}

	@Test
	void theBulkheadHoldsSoManyCalls() throws CallRefusedException {
		guards.configure(settings(null, 2));
		CallGuard.Call first = guard.enter();
		guard.enter();
		assertRefused(Reason.FULL);
		assertThat(guard.refused(Reason.FULL)).isOne();
		first.end(Outcome.SUCCEEDED);
		first.end(Outcome.SUCCEEDED);
		guard.enter();
		assertRefused(Reason.FULL);
		guards.configure(settings(null, 0));
		guard.enter();
	}

	@Test
	void aCallThatIsRefusedByTheBulkheadDoesNotCount() throws CallRefusedException {
		guards.configure(settings(null, 1));
		guard.enter();
		for (int i = 0; i < 20; i++) {
			assertRefused(Reason.FULL);
		}
		assertThat(guard.state()).isEqualTo(State.CLOSED);
	}

	@Test
	void methodsAreApart() throws CallRefusedException {
		calls(5, Outcome.FAILED);
		assertThat(guards.guard("user-service", "CheckEligibility").state()).isEqualTo(State.CLOSED);
		assertThat(guards.guard("order-service", "GetUser").state()).isEqualTo(State.CLOSED);
		assertThat(guards.guard("user-service", "GetUser")).isSameAs(guard);
	}

	@Test
	void aBreakerWhosePolicyStaysStaysAsItIs() throws CallRefusedException {
		calls(5, Outcome.FAILED);
		guards.configure(new ResilienceSettings(settings(null, null).defaults(),
				Map.of("other", new ServicePolicy(new Policy(null, 1), Map.of()))));
		assertThat(guard.state()).isEqualTo(State.OPEN);
		guards.configure(settings(null, 1));
		assertThat(guard.state()).as("the bulkhead is none of its rules").isEqualTo(State.OPEN);
		guards.configure(new ResilienceSettings(policy(4, null), Map.of()));
		assertThat(guard.state()).isEqualTo(State.CLOSED);
	}

	@Test
	void whatIsSwitchedOffLetsAllThrough() throws CallRefusedException {
		guards.configure(new ResilienceSettings(
				new Policy(new CircuitBreaker(false, null, null, null, null, null, null), null), Map.of()));
		calls(50, Outcome.FAILED);
		assertThat(guard.state()).isEqualTo(State.CLOSED);
	}

	@Test
	void whatAMethodSaysGoesBeforeItsServiceAndThatBeforeTheDefaults() {
		ResilienceSettings settings = new ResilienceSettings(policy(1, 10),
				Map.of("store", new ServicePolicy(policy(2, null), Map.of("Read", policy(null, 30)))));
		assertThat(settings.policy("store", "Read")).extracting(GuardPolicy::minCalls, GuardPolicy::maxConcurrentCalls)
			.containsExactly(2, 30);
		assertThat(settings.policy("store", "Write")).extracting(GuardPolicy::minCalls, GuardPolicy::maxConcurrentCalls)
			.containsExactly(2, 10);
		assertThat(settings.policy("other", "Read")).extracting(GuardPolicy::minCalls, GuardPolicy::maxConcurrentCalls)
			.containsExactly(1, 10);
	}

	@Test
	void hostsWithoutEndTakeNoMemoryWithoutEnd() throws CallRefusedException {
		for (int i = 0; i < 1100; i++) {
			guards.guard("host-" + i, "GET").enter().end(Outcome.FAILED);
		}
		assertThat(guards.all()).hasSize(1000);
		for (int i = 0; i < 10; i++) {
			guards.guard("host-1099", "GET").enter().end(Outcome.FAILED);
		}
	}

	private void calls(int number, Outcome outcome) throws CallRefusedException {
		for (int i = 0; i < number; i++) {
			guard.enter().end(outcome);
		}
	}

	private void pass(Duration time) {
		nanos.addAndGet(time.toNanos());
	}

	private void assertRefused(Reason reason) {
		assertThatExceptionOfType(CallRefusedException.class).isThrownBy(guard::enter)
			.withMessageContaining("user-service/GetUser")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	private static Policy policy(@Nullable Integer minCalls, @Nullable Integer maxConcurrentCalls) {
		return new Policy(new CircuitBreaker(null, null, minCalls, null, null, null, null), maxConcurrentCalls);
	}

	private static ResilienceSettings settings(@Nullable Duration slowAfter, @Nullable Integer maxConcurrentCalls) {
		// By default as slow as no machine is.
		return new ResilienceSettings(new Policy(new CircuitBreaker(null, null, null, null,
				(slowAfter != null) ? slowAfter : Duration.ofMinutes(1), null, null), maxConcurrentCalls), Map.of());
	}

}
