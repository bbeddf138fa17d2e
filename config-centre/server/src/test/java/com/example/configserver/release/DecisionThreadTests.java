package com.example.configserver.release;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import com.example.configserver.release.RefusedRequestException.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class DecisionThreadTests {

	private final Troubles troubles = new Troubles();

	private final DecisionThread thread = new DecisionThread(troubles, Duration.ofMillis(200));

	@BeforeEach
	void start() {
		thread.start();
	}

	@AfterEach
	void stop() {
		thread.stop();
	}

	@Test
	void anErrorEndsNeitherTheThreadNorWhatIsRepeatedAndHealthTellsOfIt() {
		AtomicBoolean broken = new AtomicBoolean(true);
		thread.repeat("Tending", Duration.ofMillis(1), () -> {
			if (broken.get()) {
				throw new NoClassDefFoundError("replaced");
			}
		});
		await().untilAsserted(() -> assertThat(troubles.present()).containsKey("Tending"));
		assertThat(thread.decide(() -> "decided")).isEqualTo("decided");
		broken.set(false);
		await().until(() -> troubles.present().isEmpty());
	}

	@Test
	void whoWaitsBehindADecisionThatHangsIsToldAndNothingIsDoneLater() {
		CountDownLatch hanging = new CountDownLatch(1);
		thread.later("Hanging", () -> awaitUninterruptibly(hanging));
		AtomicBoolean done = new AtomicBoolean();
		assertThatExceptionOfType(RefusedRequestException.class).isThrownBy(() -> thread.decide(() -> {
			done.set(true);
			return "late";
		})).withMessageContaining("Nothing was done").matches((ex) -> ex.reason() == Reason.UNAVAILABLE);
		hanging.countDown();
		assertThat(thread.decide(() -> "next")).isEqualTo("next");
		assertThat(done).isFalse();
	}

	@Test
	void whatTheRepositoryCannotDoNowIsNoConflict() {
		assertThatExceptionOfType(RefusedRequestException.class).isThrownBy(() -> thread.decide(() -> {
			throw new IOException("cannot be reached");
		})).withMessage("cannot be reached").matches((ex) -> ex.reason() == Reason.UNAVAILABLE);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
