package com.example.launcher.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.example.launcher.load.Latency.By;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a load so far. Thread-safe.
 */
final class Recording {

	/** Within 0.1 %. */
	private static final int DIGITS = 3;

	/** What comes later than that is later than a busy thread and a young collection. */
	private static final Duration LATE = Duration.ofMillis(10);

	private static final double MOST_LATE = 0.01;

	/** A server may say anything. */
	private static final int MOST_INSTANCES = 50;

	private final Map<String, Histogram> outcomes = new TreeMap<>();

	private final Map<String, Histogram> instances = new TreeMap<>();

	private final Histogram lateness = new Histogram(DIGITS);

	private final List<Second> history = new ArrayList<>();

	private final Histogram ok = new Histogram(DIGITS);

	private final Histogram refused = new Histogram(DIGITS);

	private long sent;

	private long notSent;

	private long failed;

	private long late;

	private Totals all = new Totals(0, 0, 0, 0, 0);

	synchronized void sent() {
		sent++;
	}

	synchronized void notSent() {
		notSent++;
	}

	synchronized void ended(Answer answer) {
		record(lateness, answer.late());
		late += (answer.late().compareTo(LATE) > 0) ? 1 : 0;
		record(outcomes.computeIfAbsent(answer.outcome(), (outcome) -> new Histogram(DIGITS)), answer.time());
		if (answer.instance() != null
				&& (instances.size() < MOST_INSTANCES || instances.containsKey(answer.instance()))) {
			record(instances.computeIfAbsent(answer.instance(), (instance) -> new Histogram(DIGITS)), answer.time());
		}
		if (answer.isOk()) {
			record(ok, answer.time());
		}
		else if (answer.isRefused()) {
			record(refused, answer.time());
		}
		else {
			failed++;
		}
	}

	/** Ends a second and begins the next one. */
	synchronized Second endSecond(int underWay) {
		Second second = new Second(history.size() + 1, sent, ok.getTotalCount(), refused.getTotalCount(), failed,
				notSent, millis(ok, 50), millis(ok, 99), millis(refused, 99), underWay);
		history.add(second);
		all = all.plus(second);
		ok.reset();
		refused.reset();
		sent = 0;
		notSent = 0;
		failed = 0;
		return second;
	}

	synchronized LoadResult result(LoadOptions options, Duration time) {
		Map<String, Histogram> classes = new TreeMap<>();
		Histogram each = new Histogram(DIGITS);
		outcomes.forEach((outcome, times) -> {
			each.add(times);
			if (Character.isDigit(outcome.charAt(0))) {
				classes.computeIfAbsent(outcome.charAt(0) + "xx", (name) -> new Histogram(DIGITS)).add(times);
			}
		});
		List<Latency> latencies = new ArrayList<>();
		latencies.add(Latency.of(By.ALL, "all", each));
		classes.forEach((name, times) -> latencies.add(Latency.of(By.CLASS, name, times)));
		outcomes.forEach((name, times) -> latencies.add(Latency.of(By.OUTCOME, name, times)));
		instances.forEach((name, times) -> latencies.add(Latency.of(By.INSTANCE, name, times)));
		return new LoadResult(options.rps(), time.toMillis() / 1000.0, all.sent, all.ok, all.refused, all.failed,
				all.notSent, Latency.millis(lateness, 99), late <= all.sent * MOST_LATE, List.copyOf(latencies),
				List.copyOf(history));
	}

	private static void record(Histogram micros, Duration time) {
		micros.recordValue(time.toNanos() / 1000);
	}

	private static @Nullable Double millis(Histogram micros, double percentile) {
		return (micros.getTotalCount() > 0) ? Latency.millis(micros, percentile) : null;
	}

	private record Totals(long sent, long ok, long refused, long failed, long notSent) {

		Totals plus(Second second) {
			return new Totals(sent + second.sent(), ok + second.ok(), refused + second.refused(),
					failed + second.failed(), notSent + second.notSent());
		}

	}

}
