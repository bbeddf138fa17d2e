package com.example.platform.configclient.reporting;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.Refused;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.example.platform.configprotocol.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The state of an instance's configuration: what it runs, refuses and waits for. Written
 * by the reload thread, read by any.
 */
public final class ReloadStatus {

	// A report has to fit into a value of Consul's.
	private static final int MOST_PROBLEMS = 20;

	private final Clock clock;

	private final Reporter reporter;

	private final Map<Outcome, LongAdder> outcomes = new ConcurrentHashMap<>();

	private volatile InstanceReport report;

	private volatile @Nullable String failure;

	/**
	 * Creates the state of an instance that has just started.
	 * @param service the service it is an instance of
	 * @param instance its id in the registry
	 * @param revision the revision it started with
	 * @param source where that came from
	 * @param clock tells when a revision took effect
	 * @param reporter tells the config server
	 */
	public ReloadStatus(String service, String instance, String revision, Source source, Clock clock,
			Reporter reporter) {
		this.clock = clock;
		this.reporter = reporter;
		this.report = new InstanceReport(service, instance, revision, source, clock.instant(), null, List.of());
	}

	/**
	 * Returns what the config server is told.
	 * @return the report
	 */
	public InstanceReport report() {
		return report;
	}

	/**
	 * Returns why the revision that this instance is to run cannot be put into effect,
	 * though it is neither refused nor out of reach.
	 * @return {@code null} when it can
	 */
	public @Nullable String failure() {
		return failure;
	}

	/**
	 * Counts the revisions that this instance was to run since it was started.
	 * @param outcome what became of them
	 * @return their number
	 */
	public long count(Outcome outcome) {
		LongAdder counter = outcomes.get(outcome);
		return (counter != null) ? counter.sum() : 0;
	}

	/**
	 * Counts a revision.
	 * @param outcome what became of it
	 */
	public void add(Outcome outcome) {
		outcomes.computeIfAbsent(outcome, (absent) -> new LongAdder()).increment();
	}

	/**
	 * Remembers a failure that nobody has foreseen.
	 * @param cause what failed, without values
	 */
	public void failed(String cause) {
		failure = cause;
	}

	/**
	 * Tells that a revision is in effect.
	 * @param revision the revision
	 * @param source where it came from
	 * @param pending keys that have changed since the start and need a restart
	 */
	public void runs(String revision, Source source, List<String> pending) {
		InstanceReport now = report;
		tell(new InstanceReport(now.service(), now.instance(), revision, source,
				revision.equals(now.revision()) ? now.since() : clock.instant(), null, pending));
	}

	/**
	 * Tells that a revision is refused, and the one before stays in effect.
	 * @param revision the revision
	 * @param problems why
	 */
	public void refuses(String revision, List<Problem> problems) {
		InstanceReport now = report;
		tell(new InstanceReport(now.service(), now.instance(), now.revision(), now.source(), now.since(),
				new Refused(revision, problems.stream().limit(MOST_PROBLEMS).toList()), now.pending()));
	}

	private void tell(InstanceReport next) {
		failure = null;
		report = next;
		reporter.report(next);
	}

	/**
	 * What becomes of a revision that an instance is to run.
	 */
	public enum Outcome {

		/** It is in effect. */
		APPLIED,

		/** It says the same as the one before. */
		UNCHANGED,

		/** It did not pass the check. */
		REFUSED,

		/** No config server gave it at first. */
		FAILED

	}

}
