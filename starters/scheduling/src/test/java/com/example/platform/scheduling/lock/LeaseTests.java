package com.example.platform.scheduling.lock;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LeaseTests {

	// Overflows soon, as System.nanoTime() may.
	private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1000);

	private final AtomicInteger told = new AtomicInteger();

	private final Lease lease = new Lease("test", time.get(), time::get);

	@Test
	void itCountsFromWhenARenewalWasSentAndNotFromWhenItWasAnswered() {
		long sent = pass(Duration.ofMillis(300));
		pass(Duration.ofMillis(500));
		lease.renew(sent);
		pass(Duration.ofMillis(399));
		assertThat(lease.isValid()).isTrue();
		pass(Duration.ofMillis(501));
		assertThat(lease.isValid()).isFalse();
	}

	@Test
	void anAnswerThatComesTooLateDoesNotReviveIt() {
		lease.onLost(told::incrementAndGet);
		long sent = pass(Duration.ofMillis(800));
		pass(Duration.ofMillis(200));
		lease.renew(sent);
		assertThat(lease.isValid()).isFalse();
		await().until(() -> told.get() == 1);
	}

	@Test
	void answersInTheWrongOrderDoNotTakeItBack() {
		long first = pass(Duration.ofMillis(300));
		long second = pass(Duration.ofMillis(300));
		lease.renew(second);
		lease.renew(first);
		assertThat(lease.renewed()).isEqualTo(second);
	}

	@Test
	void aLossIsToldOnceAndAtOnceToWhoAsksLater() {
		lease.onLost(() -> {
			throw new IllegalStateException("a callback that fails");
		});
		lease.onLost(told::incrementAndGet);
		lease.lose();
		lease.lose();
		await().until(() -> told.get() == 1);
		lease.onLost(told::incrementAndGet);
		assertThat(told).hasValue(2);
		assertThat(lease.end()).isFalse();
	}

	@Test
	void aRegularEndIsNoLoss() {
		lease.onLost(told::incrementAndGet);
		assertThat(lease.end()).isTrue();
		assertThat(lease.end()).isFalse();
		assertThat(lease.isValid()).isFalse();
		lease.lose();
		lease.onLost(told::incrementAndGet);
		assertThat(told).hasValue(0);
	}

	private long pass(Duration duration) {
		return time.addAndGet(duration.toNanos());
	}

}
