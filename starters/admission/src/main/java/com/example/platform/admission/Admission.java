package com.example.platform.admission;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limit.WindowedLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * How many calls may be under way. The limit follows what the process turns out to carry:
 * it shrinks when calls take longer than they did in the long run, since then they wait
 * for each other, and grows again while they do not. The algorithm is Netflix's
 * <a href="https://github.com/Netflix/concurrency-limits">Gradient2</a>, over averages of
 * a quarter of a second. Thread-safe; nobody ever waits.
 */
public final class Admission {

	private final LongSupplier nanoTime;

	private final Map<Importance, Counter> refused = new EnumMap<>(Importance.class);

	private final AtomicInteger underWay = new AtomicInteger();

	private volatile AdmissionSettings settings;

	private volatile Limit limit;

	/**
	 * Creates a limit.
	 * @param name what it limits, as tag of its metrics
	 * @param settings the bounds
	 * @param meters takes its metrics
	 * @param nanoTime clock, such as {@link System#nanoTime()}
	 */
	public Admission(String name, AdmissionSettings settings, MeterRegistry meters, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.settings = settings;
		this.limit = limit(settings, settings.minCalls());
		Gauge.builder("platform.admission.calls", underWay, AtomicInteger::get)
			.description("Calls under way")
			.tag("name", name)
			.register(meters);
		Gauge.builder("platform.admission.limit", this, (admission) -> admission.limit.getLimit())
			.description("Most calls that may be under way at present")
			.tag("name", name)
			.register(meters);
		for (Importance importance : Importance.values()) {
			refused.put(importance,
					Counter.builder("platform.admission.refused")
						.description("Calls refused because too many are under way")
						.tags("name", name, "importance", importance.name().toLowerCase(Locale.ROOT))
						.register(meters));
		}
	}

	/**
	 * Changes the bounds. Calls under way go on, and the limit stays where it is between
	 * them.
	 * @param settings the new bounds
	 */
	public void configure(AdmissionSettings settings) {
		AdmissionSettings before = this.settings;
		this.settings = settings;
		if (settings.minCalls() != before.minCalls() || settings.maxCalls() != before.maxCalls()) {
			limit = limit(settings, limit.getLimit());
		}
	}

	/**
	 * Takes on a call, if there is room.
	 * @param importance whether somebody waits for it
	 * @param write whether it has a body
	 * @return the call, which must be ended; empty if it has to be refused
	 */
	public Optional<Call> enter(Importance importance, boolean write) {
		int room = settings.enabled() ? room(importance, write) : Integer.MAX_VALUE;
		int present = underWay.incrementAndGet();
		if (present > room) {
			underWay.decrementAndGet();
			Objects.requireNonNull(refused.get(importance)).increment();
			return Optional.empty();
		}
		return Optional.of(new Call(present));
	}

	// Where a share is left at all, one call has room, or nobody would ever find out that
	// there is more.
	private int room(Importance importance, boolean write) {
		double share = ((importance == Importance.BACKGROUND) ? settings.backgroundShare() : 1)
				* (write ? settings.writeShare() : 1);
		return (share > 0) ? Math.max(1, (int) (limit.getLimit() * share)) : 0;
	}

	// Netflix's defaults look once a second, and find out nothing from fewer than ten
	// calls in it: a limit of slow calls would stay where it is for ever.
	private static Limit limit(AdmissionSettings settings, int present) {
		return WindowedLimit.newBuilder()
			.minWindowTime(250, TimeUnit.MILLISECONDS)
			.maxWindowTime(60, TimeUnit.SECONDS)
			.build(Gradient2Limit.newBuilder()
				.initialLimit(Math.min(Math.max(present, settings.minCalls()), settings.maxCalls()))
				.minLimit(settings.minCalls())
				.maxConcurrency(settings.maxCalls())
				.queueSizeFunction((limit) -> Math.max(4, (int) Math.sqrt(limit)))
				.longWindow(2400)
				.build());
	}

	/**
	 * A call under way. Thread-safe.
	 */
	public final class Call {

		private final int present;

		private final long started = nanoTime.getAsLong();

		private final AtomicBoolean ended = new AtomicBoolean();

		private Call(int present) {
			this.present = present;
		}

		/**
		 * Ends the call; what comes after the first end is ignored.
		 * @param succeeded whether its time says how fast this process is. That of a
		 * failure says how soon it failed.
		 */
		public void end(boolean succeeded) {
			if (ended.compareAndSet(false, true)) {
				underWay.decrementAndGet();
				if (succeeded) {
					limit.onSample(started, nanoTime.getAsLong() - started, present, false);
				}
			}
		}

	}

}
