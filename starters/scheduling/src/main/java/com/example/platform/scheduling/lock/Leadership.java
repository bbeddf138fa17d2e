package com.example.platform.scheduling.lock;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Chooses one leader among all candidates in the cluster that have named the same
 * leadership: who holds the {@linkplain Locks lock} of that name leads. Thread-safe.
 */
public final class Leadership implements AutoCloseable {

	private static final Log log = LogFactory.getLog(Leadership.class);

	// Waiting costs nothing; this is how often a server that is away is told in the log.
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration PAUSE = Duration.ofMillis(200);

	// A callback that takes longer must not keep a process from ending.
	private static final Duration RESIGNATION = Duration.ofSeconds(10);

	private final Locks locks;

	private final Set<Candidate> candidates = ConcurrentHashMap.newKeySet();

	/**
	 * Chooses by locks.
	 * @param locks may hold other locks too
	 */
	public Leadership(Locks locks) {
		this.locks = locks;
	}

	/**
	 * Stands for a leadership, again after each term, until it is closed.
	 * @param name the name of a {@linkplain Locks#tryAcquire lock}
	 * @param listener leads
	 * @return the candidacy
	 * @throws IllegalArgumentException if the name is none
	 */
	public Candidacy lead(String name, LeadershipListener listener) {
		Candidate candidate = new Candidate(Locks.requireValid(name), listener);
		candidates.add(candidate);
		candidate.start();
		return candidate;
	}

	/**
	 * Resigns from all.
	 */
	@Override
	public void close() {
		candidates.forEach(Candidate::close);
	}

	/**
	 * Stands for a leadership until it is closed.
	 */
	public interface Candidacy extends AutoCloseable {

		/**
		 * Resigns: a callback under way is interrupted, {@code lost} is called if the
		 * candidate leads, and another one leads at once. Waits for that, 10 s at most,
		 * unless it is a callback that resigns.
		 */
		@Override
		void close();

	}

	private record HeldTerm(Lock lock) implements Term {

		@Override
		public long number() {
			return lock.fence();
		}

		@Override
		public boolean isCurrent() {
			return lock.isHeld();
		}

		@Override
		public String toString() {
			return "term " + number() + " of '" + lock.name() + "'";
		}

	}

	private final class Candidate implements Candidacy {

		private final String name;

		private final LeadershipListener listener;

		private final Thread thread;

		private volatile boolean closed;

		private Candidate(String name, LeadershipListener listener) {
			this.name = name;
			this.listener = listener;
			this.thread = new Thread(this::stand, "leadership-" + name);
			this.thread.setDaemon(true);
		}

		private void start() {
			thread.start();
		}

		private void stand() {
			while (!closed) {
				try {
					Optional<Lock> lock = locks.acquire(name, PATIENCE);
					if (lock.isPresent()) {
						lead(lock.get());
					}
				}
				catch (InterruptedException ex) {
					// A callback may interrupt its thread; only closing ends the
					// candidacy.
				}
				catch (RuntimeException ex) {
					log.warn("No leader of '" + name + "' can be chosen at present (" + ex + "). Trying again.");
					pause();
				}
			}
		}

		private void lead(Lock lock) {
			try (lock) {
				Term term = new HeldTerm(lock);
				CountDownLatch lost = new CountDownLatch(1);
				lock.onLost(lost::countDown);
				log.info("Leads: " + term);
				tell(listener::gained, term);
				awaitEnd(lost);
				tell(listener::lost, term);
				log.info("Leads no more: " + term);
			}
		}

		private void awaitEnd(CountDownLatch lost) {
			while (!closed) {
				try {
					lost.await();
					return;
				}
				catch (InterruptedException ex) {
					// Closed, or by a callback.
				}
			}
		}

		private void tell(Consumer<Term> callback, Term term) {
			try {
				callback.accept(term);
			}
			catch (RuntimeException | Error ex) {
				log.error("The leader of '" + name + "' failed in " + term, ex);
			}
			// It is over with the callback, and the next one does not wait for nothing.
			Thread.interrupted();
		}

		private void pause() {
			try {
				new CountDownLatch(1).await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				// Closed, most likely.
			}
		}

		@Override
		public void close() {
			closed = true;
			candidates.remove(this);
			if (Thread.currentThread() == thread) {
				return;
			}
			thread.interrupt();
			try {
				thread.join(RESIGNATION.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
