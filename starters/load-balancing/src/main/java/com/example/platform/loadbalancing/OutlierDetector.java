package com.example.platform.loadbalancing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import com.example.platform.loadbalancing.BalancingSettings.Ejection;
import com.example.platform.loadbalancing.policy.Node;
import org.jspecify.annotations.Nullable;

/**
 * Decides which nodes are taken out for what calls experience, after Envoy's outlier
 * detection: failures in a row, or a success rate below the others', for a time that
 * grows with each ejection in a row. Unlike Envoy's, which compares with the mean and
 * deviation of at least five hosts, the rate is compared with that of all others together
 * by a test of two proportions, which needs only one other.
 *
 * <p>
 * Not safe for use by several threads.
 */
final class OutlierDetector {

	// Standard errors between two success rates that are not chance: 1 in 30,000
	// intervals.
	private static final double SIGNIFICANT = 4;

	// A difference that is worth losing an instance for.
	private static final double RELEVANT = 0.1;

	private final LongSupplier nanoTime;

	private final Map<Node, History> histories = new HashMap<>();

	private long intervalStart;

	OutlierDetector(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.intervalStart = nanoTime.getAsLong();
	}

	/**
	 * Forgets all nodes but these.
	 */
	void retain(Collection<Node> nodes) {
		histories.keySet().retainAll(new HashSet<>(nodes));
		nodes.forEach((node) -> histories.computeIfAbsent(node, History::new));
	}

	void clear() {
		histories.values().forEach((history) -> history.reason = null);
	}

	boolean isEjected(Node node) {
		return reason(node) != null;
	}

	@Nullable String reason(Node node) {
		History history = histories.get(node);
		return (history != null) ? history.reason : null;
	}

	int ejections(Node node) {
		History history = histories.get(node);
		return (history != null) ? history.ejections : 0;
	}

	/**
	 * Takes a node out, unless too many are out already.
	 * @return whether it is out now and was not before
	 */
	boolean eject(Node node, String reason, Ejection settings) {
		History history = histories.get(node);
		if (history == null || history.reason != null || !mayEject(settings)) {
			return false;
		}
		history.inARow++;
		history.ejections++;
		long time = Math.min(settings.maxTime().toNanos(), settings.baseTime().toNanos() * history.inARow);
		history.outUntil = nanoTime.getAsLong() + time;
		history.reason = reason;
		return true;
	}

	/**
	 * Begins to compare success rates anew, so that calls of before do not count.
	 */
	void startInterval() {
		intervalStart = nanoTime.getAsLong();
		histories.values().forEach(History::startWindow);
	}

	/**
	 * Ends ejections whose time is over, and compares success rates once an interval.
	 * @return whether a node went out or came back
	 */
	boolean tick(Ejection settings) {
		long now = nanoTime.getAsLong();
		boolean changed = false;
		for (History history : histories.values()) {
			if (history.reason != null && now - history.outUntil >= 0) {
				history.reason = null;
				history.startWindow();
				changed = true;
			}
		}
		if (settings.enabled() && now - intervalStart >= settings.interval().toNanos()) {
			changed |= compareRates(settings);
			startInterval();
		}
		return changed;
	}

	private boolean compareRates(Ejection settings) {
		List<History> in = new ArrayList<>();
		long calls = 0;
		long failures = 0;
		for (History history : histories.values()) {
			if (history.reason == null) {
				history.endWindow();
				calls += history.calls;
				failures += history.failures;
				in.add(history);
			}
		}
		boolean changed = false;
		for (History history : in) {
			if (isOutlier(history, calls - history.calls, failures - history.failures, settings.minRequests())) {
				changed |= eject(history.node, "%d of %d calls failed, of the others' %d of %d".formatted(
						history.failures, history.calls, failures - history.failures, calls - history.calls), settings);
			}
			else if (history.calls > history.failures) {
				history.inARow = Math.max(0, history.inARow - 1);
			}
		}
		return changed;
	}

	private static boolean isOutlier(History own, long otherCalls, long otherFailures, int minRequests) {
		if (own.calls < minRequests || otherCalls < minRequests) {
			return false;
		}
		double rate = (double) own.failures / own.calls;
		double otherRate = (double) otherFailures / otherCalls;
		double pooled = (double) (own.failures + otherFailures) / (own.calls + otherCalls);
		double error = Math.sqrt(pooled * (1 - pooled) * (1.0 / own.calls + 1.0 / otherCalls));
		return rate - otherRate > Math.max(RELEVANT, SIGNIFICANT * error);
	}

	private boolean mayEject(Ejection settings) {
		int size = histories.size();
		long out = histories.values().stream().filter((history) -> history.reason != null).count();
		return out < Math.min(size - 1, Math.max(1, (long) (size * settings.maxShare())));
	}

	private static final class History {

		private final Node node;

		private @Nullable String reason;

		private long outUntil;

		private int inARow;

		private int ejections;

		private long callsBefore;

		private long failuresBefore;

		private long calls;

		private long failures;

		private History(Node node) {
			this.node = node;
			startWindow();
		}

		private void endWindow() {
			failures = node.failures() - failuresBefore;
			calls = Math.max(failures, node.outcomes() - callsBefore);
		}

		private void startWindow() {
			failuresBefore = node.failures();
			callsBefore = node.outcomes();
		}

	}

}
