package com.example.platform.scheduling.lock;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class LeadershipTests {

	private final OneLock locks = new OneLock();

	private final Leadership leadership = new Leadership(locks);

	private final List<String> heard = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		leadership.close();
	}

	@Test
	void aTermEndsWithItsLockAndTheNextOneFollows() {
		leadership.lead("test", listener((term) -> {
		}));
		await().until(() -> heard.size() == 1);
		locks.lease().lose();
		await().until(() -> heard.size() == 3);
		leadership.close();
		assertThat(heard).containsExactly("gained 1", "lost 1", "gained 2", "lost 2");
	}

	@Test
	void aListenerThatThrowsDoesNotEndTheCandidacy() {
		leadership.lead("test", listener((term) -> {
			throw new AssertionError("a listener that fails");
		}));
		await().until(() -> heard.size() == 1);
		locks.lease().lose();
		await().until(() -> heard.size() == 3);
		assertThat(heard).containsExactly("gained 1", "lost 1", "gained 2");
	}

	@Test
	void aCallbackMayResign() {
		AtomicReference<Leadership.Candidacy> candidacy = new AtomicReference<>();
		Semaphore known = new Semaphore(0);
		candidacy.set(leadership.lead("test", listener((term) -> {
			known.acquireUninterruptibly();
			candidacy.get().close();
		})));
		known.release();
		await().until(() -> locks.free.availablePermits() == 1);
		assertThat(heard).containsExactly("gained 1", "lost 1");
	}

	@Test
	void resigningInterruptsACallbackAndNotTheNextOne() {
		Semaphore never = new Semaphore(0);
		Leadership.Candidacy candidacy = leadership.lead("test", new LeadershipListener() {
			@Override
			public void gained(Term term) {
				heard.add("gained");
				try {
					never.acquire();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					heard.add("interrupted");
				}
			}

			@Override
			public void lost(Term term) {
				heard.add("lost " + Thread.currentThread().isInterrupted());
			}
		});
		await().until(() -> heard.contains("gained"));
		candidacy.close();
		assertThat(heard).containsExactly("gained", "interrupted", "lost false");
	}

	@Test
	void aCandidateStaysOneWhileNobodyCanBeAsked() {
		locks.failures.set(2);
		leadership.lead("test", listener((term) -> {
		}));
		await().until(() -> heard.contains("gained 1"));
	}

	@Test
	void aNameThatIsNoneIsRefused() {
		assertThatThrownBy(() -> leadership.lead("", listener((term) -> {
		}))).isInstanceOf(IllegalArgumentException.class);
	}

	private LeadershipListener listener(Consumer<Term> leading) {
		return new LeadershipListener() {
			@Override
			public void gained(Term term) {
				heard.add("gained " + term.number());
				leading.accept(term);
			}

			@Override
			public void lost(Term term) {
				heard.add("lost " + term.number());
			}
		};
	}

	private static final class OneLock implements Locks {

		private final Semaphore free = new Semaphore(1);

		private final AtomicLong fence = new AtomicLong();

		private final AtomicInteger failures = new AtomicInteger();

		private final AtomicReference<Lease> lease = new AtomicReference<>();

		private Lease lease() {
			return lease.get();
		}

		@Override
		public Optional<Lock> tryAcquire(String name) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Optional<Lock> acquire(String name, Duration patience) throws InterruptedException {
			if (failures.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
				throw new LocksUnavailableException(name, new IllegalStateException("away"));
			}
			if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
				return Optional.empty();
			}
			// Its clock stands still.
			Lease begun = new Lease(name, 0, () -> 0);
			lease.set(begun);
			return Optional.of(new Held(name, fence.incrementAndGet(), begun, free));
		}

		@Override
		public void close() {
		}

	}

	private record Held(String name, long fence, Lease lease, Semaphore free) implements Lock {

		@Override
		public boolean isHeld() {
			return lease.isValid();
		}

		@Override
		public void onLost(Runnable callback) {
			lease.onLost(callback);
		}

		@Override
		public void close() {
			lease.end();
			free.release();
		}

	}

}
