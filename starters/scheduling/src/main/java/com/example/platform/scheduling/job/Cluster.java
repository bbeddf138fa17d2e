package com.example.platform.scheduling.job;

import java.time.Instant;
import java.util.function.Supplier;

import com.example.platform.scheduling.queue.RunHistory;
import com.example.platform.scheduling.queue.RunQueue;
import com.github.kagkarlsson.scheduler.Clock;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the instances share, as one of them sees it.
 *
 * @param instance the id of this one
 * @param clock the time
 * @param own connections of the scheduler's own
 * @param ownTransactions transactions on those
 * @param service the service's database, for what joins the service's transactions
 * @param transactions transactions of the service
 */
record Cluster(String instance, Clock clock, JdbcClient own, TransactionTemplate ownTransactions, JdbcClient service,
		TransactionTemplate transactions) {

	Instant now() {
		return clock.now();
	}

	RunQueue queue() {
		return new RunQueue(own);
	}

	RunHistory history() {
		return new RunHistory(own);
	}

	<T extends @Nullable Object> T inTransaction(Supplier<T> work) {
		return ownTransactions.execute((status) -> work.get());
	}

	static void afterCommit(Runnable task) {
		if (!TransactionSynchronizationManager.isSynchronizationActive()) {
			task.run();
			return;
		}
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				task.run();
			}

		});
	}

}
