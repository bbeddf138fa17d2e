package com.example.platform.scheduling.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.launcher.process.ProcessIdentity.Signal;
import com.example.platform.scheduling.lock.LockHolder.Said;
import com.example.platform.test.AgentProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What all locks promise.
 */
abstract class LocksContractTests {

	// What the issue promises for a holder that was lost.
	static final Duration TAKE_OVER = Duration.ofSeconds(3);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final AtomicInteger NAMES = new AtomicInteger();

	final String name = "test-" + NAMES.incrementAndGet();

	final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<AutoCloseable> toClose = new ArrayList<>();

	/** Locks on the server that answers at a port. */
	abstract Locks locks(int port);

	/** Where the server is. */
	abstract int port();

	/** How another process finds the server. */
	abstract List<String> server();

	@AfterEach
	void closeAll() throws Exception {
		threads.shutdownNow();
		Collections.reverse(toClose);
		for (AutoCloseable closeable : toClose) {
			closeable.close();
		}
	}

	@Test
	void oneHolderAtATimeAndAHigherFenceForEach() throws Exception {
		List<Locks> both = List.of(newLocks(), newLocks());
		AtomicInteger inside = new AtomicInteger();
		List<Long> fences = Collections.synchronizedList(new ArrayList<>());
		List<Future<?>> workers = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			Locks locks = both.get(i % 2);
			workers.add(threads.submit(() -> {
				for (int round = 0; round < 10; round++) {
					try (Lock lock = locks.acquire(name, PATIENCE).orElseThrow()) {
						assertThat(inside.incrementAndGet()).isEqualTo(1);
						assertThat(lock.isHeld()).isTrue();
						fences.add(lock.fence());
						inside.decrementAndGet();
					}
				}
				return null;
			}));
		}
		for (Future<?> worker : workers) {
			worker.get();
		}
		assertThat(fences).hasSize(80).doesNotHaveDuplicates().isSorted();
	}

	@Test
	void whatIsTakenIsHadByNobodyElseUntilItIsClosed() {
		Locks mine = newLocks();
		Locks others = newLocks();
		// A machine that is busy for longer than a lease takes a lock away, as it should.
		await().until(() -> isHadByNobodyElseUntilItIsClosed("test-" + NAMES.incrementAndGet(), mine, others));
	}

	private static boolean isHadByNobodyElseUntilItIsClosed(String name, Locks mine, Locks others) {
		AtomicInteger lost = new AtomicInteger();
		Lock lock = mine.tryAcquire(name).orElseThrow();
		lock.onLost(lost::incrementAndGet);
		assertThat(lock.name()).isEqualTo(name);
		List<Optional<Lock>> meanwhile = List.of(mine.tryAcquire(name), others.tryAcquire(name));
		Optional<Lock> other = others.tryAcquire(name + "-other");
		if (!lock.isHeld()) {
			return false;
		}
		assertThat(meanwhile).allMatch(Optional::isEmpty);
		assertThat(other).isPresent();
		lock.close();
		lock.close();
		assertThat(lock.isHeld()).isFalse();
		Lock next = others.tryAcquire(name).orElseThrow();
		assertThat(next.fence()).isGreaterThan(lock.fence());
		next.close();
		assertThat(mine.tryAcquire(name)).isPresent();
		assertThat(lost).hasValue(0);
		return true;
	}

	@Test
	void aWaiterGetsWhatIsReleasedSoon() throws Exception {
		Lock lock = newLocks().tryAcquire(name).orElseThrow();
		Future<Long> waiter = timeOfAcquiring(newLocks());
		assertThat(newLocks().acquire(name, Duration.ofMillis(300))).isEmpty();
		long released = System.nanoTime();
		lock.close();
		print("a waiter gets what is released after", released, waiter.get());
	}

	@Test
	void waitingCanBeInterrupted() throws Exception {
		Lock lock = newLocks().tryAcquire(name).orElseThrow();
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Locks others = newLocks();
		Thread waiter = new Thread(() -> {
			try {
				others.acquire(name, PATIENCE);
			}
			catch (InterruptedException ex) {
				interrupted.complete(true);
			}
		});
		waiter.start();
		waiter.interrupt();
		assertThat(interrupted.get()).isTrue();
		assertThat(lock.isHeld()).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void aHolderThatLosesTheServerKnowsBeforeAnotherHasTheLock(Loss loss) throws Exception {
		AgentProxy proxy = newProxy();
		Locks mine = newLocks(proxy.port());
		AtomicInteger told = new AtomicInteger();
		Lock lock = mine.tryAcquire(name).orElseThrow();
		lock.onLost(told::incrementAndGet);
		Future<Long> noticed = timeOfLoss(lock);
		Future<Long> acquired = timeOfAcquiring(newLocks());
		long lost = System.nanoTime();
		loss.happen(proxy);
		print(loss + ": the holder knows after", lost, noticed.get());
		print(loss + ": another has the lock after", lost, acquired.get());
		assertThat(acquired.get() - noticed.get()).isPositive();
		assertThat(acquired.get() - lost).isLessThan(TAKE_OVER.toNanos());
		await().until(() -> told.get() == 1);
		lock.onLost(told::incrementAndGet);
		assertThat(told).hasValue(2);
		assertThatThrownBy(() -> mine.tryAcquire(name)).isInstanceOf(LocksUnavailableException.class)
			.hasMessageContaining(name);
		proxy.spoil(null);
		proxy.forwardTo(port());
		assertThat(mine.acquire(name + "-again", PATIENCE)).isPresent();
		assertThat(lock.isHeld()).isFalse();
	}

	@Test
	void aProcessThatFreezesAndWakesKnowsAtOnceThatItDoesNotHoldTheLock() throws Exception {
		try (LockHolder holder = LockHolder.start(name, server())) {
			await().atMost(PATIENCE).until(() -> !holder.said().isEmpty());
			long frozen = System.nanoTime();
			holder.identity().send(Signal.STOP);
			long acquired = timeOfAcquiring(newLocks()).get();
			print("frozen: another has the lock after", frozen, acquired);
			assertThat(acquired - frozen).isLessThan(TAKE_OVER.toNanos());
			long woken = System.nanoTime();
			holder.identity().send(Signal.CONT);
			await().atMost(PATIENCE).until(() -> holder.said().stream().anyMatch((said) -> said.nanoTime() > woken));
			assertThat(holder.said()).filteredOn((said) -> said.nanoTime() > woken).noneMatch(Said::held);
			assertThat(holder.said()).filteredOn(Said::held).allMatch((said) -> said.nanoTime() < acquired);
		}
	}

	@Test
	void closingReleasesAllAndNoMoreAreHad() throws Exception {
		Locks mine = newLocks();
		Lock first = mine.tryAcquire(name).orElseThrow();
		Lock second = mine.tryAcquire(name + "-second").orElseThrow();
		mine.close();
		assertThat(first.isHeld() || second.isHeld()).isFalse();
		Locks others = newLocks();
		assertThat(others.tryAcquire(name)).isPresent();
		assertThat(others.tryAcquire(name + "-second")).isPresent();
		assertThatThrownBy(() -> mine.tryAcquire(name)).isInstanceOf(IllegalStateException.class);
		assertThatThrownBy(() -> mine.acquire(name, PATIENCE)).isInstanceOf(IllegalStateException.class);
	}

	@Test
	void aNameThatIsNoneIsRefused() {
		Locks locks = newLocks();
		for (String none : List.of("", " ", "a/b", "../a", ".", "-a", "ä", "a\n", "a".repeat(101))) {
			assertThatThrownBy(() -> locks.tryAcquire(none)).isInstanceOf(IllegalArgumentException.class)
				.hasMessageContaining("'" + none + "' is no name of a lock");
			assertThatThrownBy(() -> locks.acquire(none, PATIENCE)).isInstanceOf(IllegalArgumentException.class);
		}
		assertThat(locks.tryAcquire(name + "-a.B_9" + "x".repeat(80))).isPresent();
	}

	@Test
	void oneOfThreeLeadsAndAnotherOneWhenItIsLost() throws Exception {
		List<Candidate> candidates = List.of(new Candidate(), new Candidate(), new Candidate());
		await().atMost(PATIENCE).until(() -> candidates.stream().anyMatch(Candidate::leads));
		Candidate first = candidates.stream().filter(Candidate::leads).findFirst().orElseThrow();
		long lost = System.nanoTime();
		first.proxy.forwardToNobody();
		await().atMost(PATIENCE).until(() -> candidates.stream().anyMatch((other) -> other != first && other.leads()));
		Candidate second = candidates.stream()
			.filter((other) -> other != first && other.leads())
			.findFirst()
			.orElseThrow();
		print("another one leads after", lost, second.terms.get(0).gained);
		assertThat(second.terms.get(0).gained - lost).isLessThan(TAKE_OVER.toNanos());
		assertThat(second.terms.get(0).number).isGreaterThan(first.terms.get(0).number);
		first.proxy.forwardTo(port());
		long resigned = System.nanoTime();
		second.candidacy.close();
		await().atMost(PATIENCE).until(() -> candidates.stream().anyMatch((other) -> other != second && other.leads()));
		Candidate third = candidates.stream().filter(Candidate::leads).findFirst().orElseThrow();
		print("after a resignation another one leads after", resigned, third.terms.get(third.terms.size() - 1).gained);
		candidates.forEach((candidate) -> candidate.candidacy.close());
		assertThat(candidates).noneMatch(Candidate::leads);
		List<Led> terms = candidates.stream()
			.flatMap((candidate) -> candidate.terms.stream())
			.sorted((one, other) -> Long.compare(one.number, other.number))
			.toList();
		// One that resigns last may have led once more.
		assertThat(terms).hasSizeGreaterThanOrEqualTo(3);
		for (int i = 1; i < terms.size(); i++) {
			assertThat(terms.get(i).gained - terms.get(i - 1).lost).isPositive();
		}
	}

	Locks newLocks() {
		return newLocks(port());
	}

	final Future<Long> timeOfAcquiring(Locks locks) {
		return threads.submit(() -> {
			Lock lock = locks.acquire(name, PATIENCE).orElseThrow();
			long acquired = System.nanoTime();
			assertThat(lock.isHeld()).isTrue();
			return acquired;
		});
	}

	final Future<Long> timeOfLoss(Lock lock) {
		Callable<Long> watch = () -> {
			await().atMost(PATIENCE)
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> !lock.isHeld());
			return System.nanoTime();
		};
		return threads.submit(watch);
	}

	final void print(String what, long since, long until) {
		System.out.println(getClass().getSimpleName() + ": " + what + " " + (until - since) / 1_000_000 + " ms");
	}

	private Locks newLocks(int port) {
		Locks created = locks(port);
		toClose.add(created);
		return created;
	}

	private AgentProxy newProxy() {
		AgentProxy proxy = new AgentProxy(port());
		toClose.add(proxy);
		return proxy;
	}

	enum Loss {

		CUT {
			@Override
			void happen(AgentProxy proxy) {
				proxy.forwardToNobody();
			}
		},

		HUNG {
			@Override
			void happen(AgentProxy proxy) {
				proxy.spoil(AgentProxy.Fault.SILENCE);
			}
		};

		abstract void happen(AgentProxy proxy);

	}

	private static final class Led {

		private final long number;

		private final long gained = System.nanoTime();

		private volatile long lost;

		private Led(long number) {
			this.number = number;
		}

	}

	private final class Candidate implements LeadershipListener {

		private final AgentProxy proxy = newProxy();

		private final List<Led> terms = Collections.synchronizedList(new ArrayList<>());

		private final Leadership.Candidacy candidacy = new Leadership(newLocks(proxy.port())).lead(name, this);

		@Override
		public void gained(Term term) {
			terms.add(new Led(term.number()));
		}

		@Override
		public void lost(Term term) {
			terms.get(terms.size() - 1).lost = System.nanoTime();
		}

		private boolean leads() {
			return !terms.isEmpty() && terms.get(terms.size() - 1).lost == 0;
		}

	}

}
