package com.example.platform.resilience;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The guards of all methods that this process calls. Thread-safe.
 */
public final class CallGuards implements AutoCloseable {

	// Over HTTP, whose hosts may come from anybody.
	private static final int MOST = 1000;

	private static final GuardPolicy NONE = new ResilienceSettings.Policy(
			new ResilienceSettings.CircuitBreaker(false, null, null, null, null, null, null), 0)
		.over(GuardPolicy.DEFAULTS);

	private final Clock clock;

	private final ScheduledThreadPoolExecutor timer;

	private final Map<Key, CallGuard> guards = new ConcurrentHashMap<>();

	private final List<Consumer<CallGuard>> listeners = new CopyOnWriteArrayList<>();

	private final CallGuard others;

	private volatile ResilienceSettings settings;

	/**
	 * Begins without any guard.
	 * @param settings the policies
	 * @param nanoTime a clock like {@link System#nanoTime()}
	 */
	public CallGuards(ResilienceSettings settings, LongSupplier nanoTime) {
		this.settings = settings;
		this.clock = new SteadyClock(nanoTime);
		CustomizableThreadFactory threads = new CustomizableThreadFactory("slow-calls-");
		threads.setDaemon(true);
		this.timer = new ScheduledThreadPoolExecutor(1, threads);
		this.timer.setRemoveOnCancelPolicy(true);
		// Calls while the process ends are made all the same.
		this.timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
		this.others = new CallGuard("others", "*", NONE, clock, timer);
	}

	/**
	 * Changes the policies. Breakers whose rules stay stay as they are.
	 * @param next the policies
	 */
	public synchronized void configure(ResilienceSettings next) {
		settings = next;
		guards.forEach((key, guard) -> guard.configure(next.policy(key.service, key.method)));
	}

	/**
	 * Returns the guard of a method. Beyond the first thousand methods there is none: it
	 * lets all calls through.
	 * @param service the called service, or a host
	 * @param method the method, such as {@code CheckEligibility} or {@code GET}
	 * @return the same one for the same method
	 */
	public CallGuard guard(String service, String method) {
		Key key = new Key(service, method);
		CallGuard known = guards.get(key);
		if (known != null) {
			return known;
		}
		return (guards.size() < MOST) ? create(key) : others;
	}

	// Not while the settings change.
	private synchronized CallGuard create(Key key) {
		CallGuard known = guards.get(key);
		if (known != null) {
			return known;
		}
		CallGuard created = new CallGuard(key.service, key.method, settings.policy(key.service, key.method), clock,
				timer);
		guards.put(key, created);
		listeners.forEach((listener) -> listener.accept(created));
		return created;
	}

	/**
	 * Returns the guards of the methods that were called.
	 * @return a view, in no order
	 */
	public Collection<CallGuard> all() {
		return guards.values();
	}

	/**
	 * Has somebody told of each guard, of those that there are at once.
	 * @param listener takes a guard, in any thread; may be told of one twice
	 */
	public void listen(Consumer<CallGuard> listener) {
		listeners.add(listener);
		guards.values().forEach(listener);
	}

	@Override
	public void close() {
		timer.shutdownNow();
	}

	private record Key(String service, String method) {
	}

	/**
	 * Goes on evenly when somebody sets the time of day: a breaker would stay open until
	 * that has caught up.
	 */
	private static final class SteadyClock extends Clock {

		private final LongSupplier nanoTime;

		private final long start;

		private SteadyClock(LongSupplier nanoTime) {
			this.nanoTime = nanoTime;
			this.start = nanoTime.getAsLong();
		}

		@Override
		public Instant instant() {
			return Instant.EPOCH.plusNanos(nanoTime.getAsLong() - start);
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
