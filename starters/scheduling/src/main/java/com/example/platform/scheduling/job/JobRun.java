package com.example.platform.scheduling.job;

import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Consumer;

import com.example.platform.scheduling.queue.Attempt;
import com.example.platform.scheduling.queue.RunEffects;
import com.example.platform.scheduling.queue.RunLostException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.transaction.support.TransactionTemplate;

/**
 * A run that this instance has begun. Used by the thread that handles it and those that
 * it starts.
 */
public final class JobRun {

	private static final JsonMapper JSON = new JsonMapper();

	private final Attempt attempt;

	private final String instance;

	private final RunEffects effects;

	private final TransactionTemplate transactions;

	private volatile @Nullable String stopped;

	JobRun(Attempt attempt, String instance, RunEffects effects, TransactionTemplate transactions) {
		this.attempt = attempt;
		this.instance = instance;
		this.effects = effects;
		this.transactions = transactions;
	}

	/**
	 * Returns what runs.
	 * @return the job's name
	 */
	public String job() {
		return attempt.job();
	}

	/**
	 * Returns which run of the job it is, the same for all attempts. With the job's name
	 * it is an idempotency key for calls to others.
	 * @return the time of the tick, such as {@code 2026-01-31T04:30:00Z}, or what
	 * {@link Jobs#schedule} was told
	 */
	public String key() {
		return attempt.key();
	}

	/**
	 * Returns when it was due.
	 * @return the time of the tick
	 */
	public Instant due() {
		return attempt.due();
	}

	/**
	 * Returns how often it was begun.
	 * @return 1 for the first attempt
	 */
	public int attempt() {
		return attempt.attempt();
	}

	/**
	 * Returns who runs it.
	 * @return the id of this instance
	 */
	public String instance() {
		return instance;
	}

	/**
	 * Returns the fencing token: greater than that of every attempt that began before,
	 * whatever its job. What is written to outside of the database refuses a write with a
	 * token smaller than one that it has seen (Kleppmann, "How to do distributed
	 * locking", 2016).
	 * @return a positive number
	 */
	public long fence() {
		return attempt.fence();
	}

	/**
	 * Returns what {@link Jobs#schedule} was given.
	 * @param <T> its type
	 * @param type its type
	 * @return the payload
	 * @throws IllegalStateException if it was given nothing
	 */
	public <T> T payload(Class<T> type) {
		if (attempt.payload() == null) {
			throw new IllegalStateException("Run " + this + " has no payload");
		}
		return Objects.requireNonNull(JSON.readValue(attempt.payload(), type));
	}

	/**
	 * Makes the effect of this run, at most once whatever happens: writes that are made
	 * in one transaction with the claim that they are.
	 * @param writes writes to the database of this service, by whatever joins Spring's
	 * transaction; must not call other services, nor let 3 s pass between two statements,
	 * after which the database ends it
	 * @return {@code false} if the effect was made by an earlier attempt; nothing is
	 * written then
	 * @throws RunLostException if the run is not this instance's any more, or is to end;
	 * nothing is written
	 */
	public boolean once(Runnable writes) {
		return once("", writes);
	}

	/**
	 * Makes one of several effects of this run, such as that on one item, at most once.
	 * @param effect names it within the run
	 * @param writes writes to the database of this service
	 * @return {@code false} if the effect was made by an earlier attempt
	 * @throws RunLostException if the run is not this instance's any more, or is to end;
	 * nothing is written
	 */
	public boolean once(String effect, Runnable writes) {
		if (isStopped()) {
			throw new RunLostException(attempt);
		}
		return Boolean.TRUE.equals(transactions.execute((status) -> {
			boolean first = effects.claim(attempt, effect);
			if (first) {
				writes.run();
			}
			return first;
		}));
	}

	/**
	 * Works on items by several threads, and tells how far it is. Ends when all are done;
	 * the first failure, or the end of the run, keeps the rest from being begun.
	 * @param <T> type of an item
	 * @param items the items
	 * @param workers how many are worked on at once
	 * @param work works on one item
	 * @throws InterruptedException if the run is to end
	 */
	public <T> void forEach(Collection<T> items, int workers, Consumer<? super T> work) throws InterruptedException {
		new Workers<T>(this, items, work).run(workers);
	}

	/**
	 * Tells others how far it is.
	 * @param done what is done, in whatever unit
	 * @param total what there is to do
	 */
	public void progress(long done, long total) {
		effects.progress(attempt, done, total);
	}

	/**
	 * Tells whether it is to end, because it was cancelled, takes too long, or is
	 * another's by now. The thread that handles it is interrupted then, too.
	 * @return whether what it does is in vain
	 */
	public boolean isStopped() {
		return stopped != null;
	}

	@Nullable String stopped() {
		return stopped;
	}

	void stop(String reason) {
		if (stopped == null) {
			stopped = reason;
		}
	}

	@Override
	public String toString() {
		return attempt.toString();
	}

}
