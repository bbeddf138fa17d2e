package com.example.launcher.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.example.launcher.load.Latency.By;

/**
 * What became of a load.
 *
 * @param rps requests that were due in a second
 * @param seconds how long requests were due
 * @param sent requests sent
 * @param ok answers of success, with a status of 200 to 399
 * @param refused answers of refusal, with 429 or 503
 * @param failed other answers, and requests without one
 * @param notSent requests due that were not sent, since too many were under way; no
 * latency counts them
 * @param lateP99 milliseconds that 99 % of the requests were sent after they were due, at
 * most
 * @param valid whether the generator kept up. If not, the latencies are too high: part of
 * them is its own
 * @param latencies how long requests took, by what they have in common
 * @param history second by second
 */
public record LoadResult(double rps, double seconds, long sent, long ok, long refused, long failed, long notSent,
		double lateP99, boolean valid, List<Latency> latencies, List<Second> history) {

	/** Whether the server answered at all. */
	public boolean isAnswered() {
		return latencies.stream().anyMatch((latency) -> latency.by() == By.CLASS);
	}

	/**
	 * How long some of the requests took.
	 * @return empty if there were none of these
	 */
	public Optional<Latency> latency(By by, String name) {
		return latencies.stream().filter((latency) -> latency.by() == by && latency.name().equals(name)).findFirst();
	}

	/** What has to be known before the figures are believed. */
	public List<String> warnings() {
		List<String> warnings = new ArrayList<>();
		if (!valid) {
			warnings.add(String.format(Locale.ROOT,
					"NOT VALID: the generator did not keep up. 1 %% of the requests were sent %.0f ms late or more, which "
							+ "counts in their latencies. Use a lower rate, or run it on another machine than the servers.",
					lateP99));
		}
		if (notSent > 0) {
			warnings.add(String.format(Locale.ROOT,
					"%d requests were due but not sent, since too many were under way. The latencies do not count them: "
							+ "read them as lower bounds.",
					notSent));
		}
		return warnings;
	}

}
