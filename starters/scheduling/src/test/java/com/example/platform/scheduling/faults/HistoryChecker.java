package com.example.platform.scheduling.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.example.platform.scheduling.queue.Run;
import com.example.platform.scheduling.queue.RunState;
import org.jspecify.annotations.Nullable;

/**
 * Decides from what was recorded whether a scheduler kept its word, in the manner of
 * Jepsen's test of Chronos (Kingsbury, 2015). It knows nothing of how the scheduler
 * works. Each method returns what it holds against it; nothing when all is well.
 */
final class HistoryChecker {

	private HistoryChecker() {
	}

	/**
	 * Each tick is recorded, begins when it is due and not later than it may.
	 * @param runs all runs of one job with a schedule
	 * @param from a time at which the schedule ran already
	 * @param until a time up to which it ran
	 * @param period time between two ticks
	 * @param window how late the first attempt may begin
	 */
	static List<String> ticks(List<Run> runs, Instant from, Instant until, Duration period, Duration window) {
		List<String> flaws = new ArrayList<>();
		List<Run> first = runs.stream()
			.filter((run) -> run.attempt() == 1)
			.sorted(Comparator.comparing(Run::due))
			.toList();
		Instant expected = (first.isEmpty() || first.get(0).due().isAfter(from)) ? from : first.get(0).due();
		for (Run run : first) {
			if (run.due().isAfter(expected)) {
				flaws.add("no record of the ticks from " + expected + " to before " + run.due());
			}
			if (run.due().isBefore(expected)) {
				flaws.add("the tick " + run.due() + " is recorded twice");
			}
			expected = run.lastDue().plus(period);
		}
		if (expected.isBefore(until)) {
			flaws.add("no record of the ticks from " + expected + " to " + until);
		}
		for (Run run : runs) {
			if (run.started() != null && run.started().isBefore(run.due())) {
				flaws.add(name(run) + " began before it was due, at " + run.started());
			}
			if (run.started() != null && run.attempt() == 1 && run.started().isAfter(run.due().plus(window))) {
				flaws.add(name(run) + " began too late, at " + run.started());
			}
		}
		return flaws;
	}

	/**
	 * Each run has one effect, made by an attempt that is recorded, or a recorded miss.
	 * @param runs all runs of one job, none of them open
	 * @param effects what was found of their effects
	 */
	static List<String> effects(List<Run> runs, List<Effect> effects) {
		List<String> flaws = new ArrayList<>();
		Map<String, List<Effect>> byKey = effects.stream()
			.collect(Collectors.groupingBy(Effect::key, TreeMap::new, Collectors.toList()));
		Set<Long> fences = runs.stream().map(Run::fence).filter(Objects::nonNull).collect(Collectors.toSet());
		Map<String, Run> last = new TreeMap<>();
		runs.forEach(
				(run) -> last.merge(run.key(), run, (one, other) -> (one.attempt() > other.attempt()) ? one : other));
		byKey.forEach((key, of) -> {
			if (of.size() > 1) {
				flaws.add(of.size() + " effects of " + key + ": " + of);
			}
			if (!last.containsKey(key)) {
				flaws.add("an effect of " + key + ", which is not recorded");
			}
		});
		effects.stream()
			.filter((effect) -> !fences.contains(effect.fence()))
			.forEach((effect) -> flaws.add("an effect of no recorded attempt: " + effect));
		last.forEach((key, run) -> {
			if (run.state().isOpen()) {
				flaws.add(name(run) + " is still " + run.state());
			}
			if (run.state() == RunState.SUCCEEDED && !byKey.containsKey(key)) {
				flaws.add(name(run) + " has succeeded without an effect");
			}
		});
		return flaws;
	}

	/**
	 * No two runs of a job are under way at once.
	 * @param runs all runs of one job whose runs may not overlap
	 */
	static List<String> overlaps(List<Run> runs) {
		List<String> flaws = new ArrayList<>();
		List<Run> begun = runs.stream()
			.filter((run) -> run.started() != null)
			.sorted(Comparator.comparing(Run::started))
			.toList();
		for (int i = 1; i < begun.size(); i++) {
			Instant ended = begun.get(i - 1).ended();
			if (ended == null || ended.isAfter(begun.get(i).started())) {
				flaws.add(name(begun.get(i)) + " began while " + name(begun.get(i - 1)) + " was under way");
			}
		}
		return flaws;
	}

	/**
	 * No two terms of leadership overlap, and each has a greater number than the one
	 * before.
	 * @param acts what leaders did, by their own accounts
	 * @param restarts when the count of terms may have begun again
	 */
	static List<String> terms(List<Act> acts, List<Long> restarts) {
		List<String> flaws = new ArrayList<>();
		Set<String> over = new HashSet<>();
		Act before = null;
		for (Act act : acts.stream().sorted(Comparator.comparingLong(Act::nanoTime)).toList()) {
			if (before != null && !term(act, restarts).equals(term(before, restarts))) {
				over.add(term(before, restarts));
				if (act.number() <= before.number() && count(act, restarts) == count(before, restarts)) {
					flaws.add("after " + term(before, restarts) + " comes " + term(act, restarts));
				}
			}
			if (over.contains(term(act, restarts))) {
				flaws.add(term(act, restarts) + " goes on after another one has begun");
			}
			before = act;
		}
		return flaws.stream().distinct().toList();
	}

	private static String term(Act act, List<Long> restarts) {
		return "term " + act.number() + " of " + act.candidate() + " in count " + count(act, restarts);
	}

	private static long count(Act act, List<Long> restarts) {
		return restarts.stream().filter((time) -> time < act.nanoTime()).count();
	}

	private static String name(@Nullable Run run) {
		return (run == null) ? "" : run.job() + "/" + run.key() + "#" + run.attempt();
	}

	/**
	 * An effect as it was found.
	 *
	 * @param key of the run that made it
	 * @param fence of the attempt that made it
	 */
	record Effect(String key, long fence) {
	}

	/**
	 * Something that a leader did.
	 *
	 * @param candidate who
	 * @param number of its term
	 * @param nanoTime when, by a clock that all share
	 */
	record Act(String candidate, long number, long nanoTime) {
	}

}
