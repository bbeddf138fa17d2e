package com.example.configserver.release;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LineTests {

	private static final Duration NEVER = Duration.ofHours(1);

	private final Troubles troubles = new Troubles();

	private final FaultyHistory history = new FaultyHistory();

	private final AtomicInteger found = new AtomicInteger();

	private @Nullable Line line;

	@AfterEach
	void stop() {
		history.open.countDown();
		if (line != null) {
			line.stop();
		}
	}

	@Test
	void whateverALookThrowsTheNextOneFollowsAndHealthTellsUntilThen() {
		Line followed = start(Duration.ofMillis(1), Duration.ZERO);
		for (Throwable thrown : List.of(new IllegalStateException("broken"), new StackOverflowError("deep"),
				new NoClassDefFoundError("replaced"))) {
			history.inLook = thrown;
			await().untilAsserted(() -> assertThat(troubles.present().values()).containsExactly(thrown.toString()));
			history.inLook = null;
			await().until(() -> troubles.present().isEmpty());
		}
		int before = found.get();
		history.commit("new");
		await().until(() -> found.get() > before);
		assertThat(followed.head()).extracting(Revision::id).isEqualTo("new");
	}

	@Test
	void whateverTheWaitingThrowsTheLineIsFollowed() {
		history.inAwait = new IllegalArgumentException("no such watch");
		start(NEVER, Duration.ZERO);
		history.commit("new");
		await().until(() -> found.get() > 0);
		assertThat(troubles.present()).isNotEmpty();
	}

	@Test
	void whoAsksForWhatIsNotThereMakesTheServerAskTheRepositoryNoMoreOftenThanItMay() {
		Line followed = start(NEVER, NEVER);
		for (int i = 0; i < 1000; i++) {
			assertThat(followed.find("unknown" + i, Duration.ZERO)).isEmpty();
		}
		assertThat(history.looks).as("at the start alone").hasValue(1);
	}

	@Test
	void afterManyRevisionsTheHistoryIsPacked() {
		start(Duration.ofMillis(1), Duration.ZERO);
		for (int i = 0; i < 100; i++) {
			String id = "revision" + i;
			history.commit(id);
			await().pollInterval(Duration.ofMillis(1)).until(() -> history.head.equals(id));
		}
		await().until(() -> history.packs.get() > 0);
	}

	@Test
	void aRevisionThatIsNewHereIsFoundByTheLookThatAllShare() {
		Line followed = start(NEVER, Duration.ZERO);
		history.commit("new");
		List<Optional<Revision>> answers = IntStream.range(0, 4)
			.parallel()
			.mapToObj((number) -> followed.find("new"))
			.toList();
		assertThat(answers).allMatch(Optional::isPresent);
	}

	@Test
	void whileTheRepositoryHangsWhatIsKnownIsFoundAndTheRestIsNotWaitedForLong() {
		Line followed = start(NEVER, Duration.ZERO);
		history.commit("known");
		followed.find("known");
		history.hangs = true;
		CompletableFuture<Boolean> look = followed.lookSoon();
		await().until(() -> history.hanging);
		assertThat(followed.find("known")).isPresent();
		List<CompletableFuture<Optional<Revision>>> callers = IntStream.range(0, 100)
			.mapToObj((number) -> CompletableFuture.supplyAsync(() -> followed.find("unknown" + number),
					(task) -> new Thread(task).start()))
			.toList();
		await().until(() -> callers.stream().filter(CompletableFuture::isDone).count() >= 92);
		await().until(() -> callers.stream().allMatch(CompletableFuture::isDone));
		assertThat(callers).allMatch((caller) -> caller.join().isEmpty());
		assertThat(look).isNotDone();
	}

	private Line start(Duration interval, Duration least) {
		Line started = new Line(history, interval, least, troubles);
		line = started;
		started.start(found::incrementAndGet);
		return started;
	}

	/** A history of which a test decides what goes wrong. */
	private static final class FaultyHistory implements History {

		private final AtomicInteger looks = new AtomicInteger();

		private final AtomicInteger packs = new AtomicInteger();

		private final Semaphore hints = new Semaphore(0);

		private final Set<String> committed = ConcurrentHashMap.newKeySet();

		private final Set<String> known = ConcurrentHashMap.newKeySet();

		private final CountDownLatch open = new CountDownLatch(1);

		private volatile String head = "first";

		private volatile @Nullable Throwable inLook;

		private volatile @Nullable RuntimeException inAwait;

		private volatile boolean hangs;

		private volatile boolean hanging;

		void commit(String id) {
			committed.add(id);
		}

		private static Revision revision(String id) {
			return new Revision(id, null, "ada", Instant.EPOCH, "");
		}

		@Override
		public Revision look() throws IOException {
			looks.incrementAndGet();
			if (inLook instanceof RuntimeException unforeseen) {
				throw unforeseen;
			}
			if (inLook instanceof Error error) {
				throw error;
			}
			if (hangs) {
				hanging = true;
				try {
					open.await();
				}
				catch (InterruptedException ex) {
					throw new IOException(ex);
				}
			}
			for (String id : committed) {
				if (known.add(id)) {
					head = id;
				}
			}
			return head();
		}

		@Override
		public void await(Duration atMost) throws InterruptedException {
			if (inAwait != null) {
				throw inAwait;
			}
			if (hints.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
				hints.drainPermits();
			}
		}

		@Override
		public void hint() {
			hints.release();
		}

		@Override
		public Revision head() {
			return revision(head);
		}

		@Override
		public Optional<Revision> find(String name) {
			return known.contains(name) ? Optional.of(revision(name)) : Optional.empty();
		}

		@Override
		public List<Revision> revisions(int atMost) {
			return List.of(head());
		}

		@Override
		public boolean isAncestor(Revision earlier, Revision later) {
			return false;
		}

		@Override
		public SortedMap<String, byte[]> files(Revision revision) {
			return new TreeMap<>();
		}

		@Override
		public Revision restore(Revision earlier, String author, String message) {
			return earlier;
		}

		@Override
		public void pack() {
			packs.incrementAndGet();
		}

		@Override
		public void close() {
			// Nothing is open.
		}

	}

}
