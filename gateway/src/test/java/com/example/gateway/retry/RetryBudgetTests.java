package com.example.gateway.retry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RetryBudgetTests {

	private final AtomicLong clock = new AtomicLong(-1);

	private final RetryBudget budget = new RetryBudget(clock::get);

	@Test
	void asManyAsTheBurstAllowsAreThereAtTheStart() {
		assertThat(withdrawals(new RetrySettings.Budget(0.2, 0, 7))).isEqualTo(7);
	}

	@Test
	void requestsAllowTheirShare() {
		RetrySettings.Budget settings = new RetrySettings.Budget(0.2, 0, 100);
		withdrawals(settings);
		IntStream.range(0, 51).forEach((i) -> budget.deposit(settings));
		assertThat(withdrawals(settings)).isEqualTo(10);
	}

	@Test
	void timeAllowsSomeHoweverFewRequestsThereAre() {
		RetrySettings.Budget settings = new RetrySettings.Budget(0, 10, 100);
		withdrawals(settings);
		clock.addAndGet(1_500_000_000);
		assertThat(withdrawals(settings)).isEqualTo(15);
	}

	@Test
	void noMoreThanTheBurstIsSavedUp() {
		RetrySettings.Budget settings = new RetrySettings.Budget(0.5, 10, 20);
		clock.addAndGet(3_600_000_000_000L);
		IntStream.range(0, 1000).forEach((i) -> budget.deposit(settings));
		assertThat(withdrawals(settings)).isEqualTo(20);
	}

	@Test
	void aSmallerBurstCountsAtOnce() {
		budget.deposit(new RetrySettings.Budget(0.2, 0, 100));
		assertThat(withdrawals(new RetrySettings.Budget(0.2, 0, 0))).isZero();
	}

	private long withdrawals(RetrySettings.Budget settings) {
		return IntStream.range(0, 1000).filter((i) -> budget.withdraw(settings)).count();
	}

}
