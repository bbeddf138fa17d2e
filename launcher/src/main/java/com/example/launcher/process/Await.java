package com.example.launcher.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waiting for a condition by polling it.
 */
public final class Await {

	private Await() {
	}

	/**
	 * Polls until the condition holds or time runs out. An interrupt does not end the
	 * wait, because most waits here are for things that must be gone before the program
	 * may go; the thread's interrupt status is kept.
	 * @return whether the condition held in time
	 */
	public static boolean until(Duration timeout, Duration interval, BooleanSupplier condition) {
		long deadline = System.nanoTime() + timeout.toNanos();
		boolean interrupted = false;
		try {
			while (!condition.getAsBoolean()) {
				if (System.nanoTime() - deadline >= 0) {
					return false;
				}
				LockSupport.parkNanos(interval.toNanos());
				interrupted |= Thread.interrupted();
			}
			return true;
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
