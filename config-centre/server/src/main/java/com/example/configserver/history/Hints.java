package com.example.configserver.history;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Hints that there may be something new; any number of them end one waiting.
 */
final class Hints {

	private final Semaphore hints = new Semaphore(0);

	void hint() {
		hints.release();
	}

	void await(Duration atMost) throws InterruptedException {
		if (hints.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
			hints.drainPermits();
		}
	}

}
