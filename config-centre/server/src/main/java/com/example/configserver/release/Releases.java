package com.example.configserver.release;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.Secrets;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.Problem;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Decides which revision each instance is to run.
 *
 * <p>
 * Each new revision of the line is checked. One that passes is released to all instances,
 * or to the gray ones while a gray release follows the line; one that does not is
 * refused. All decisions are taken on one thread, and agreed upon with other config
 * servers by way of Consul: a server that lags behind the others decides nothing.
 *
 * <p>
 * Methods are safe for use by several threads and wait for the decision.
 */
public final class Releases implements SmartLifecycle {

	private static final Log log = LogFactory.getLog(Releases.class);

	private static final String CURRENT = "current";

	private static final String CONSIDERING = "Deciding upon the newest revision";

	// Long enough for a push to a repository far away.
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final History history;

	private final ReleaseBoard board;

	private final Fleet fleet;

	private final Checks checks;

	private final Decisions decisions;

	private final Rollbacks rollbacks;

	private final GrayReleases grayReleases;

	private final GrayWatch grayWatch;

	private final Clock clock;

	private final Line line;

	private final Lag lag;

	private final Troubles troubles = new Troubles();

	private volatile @Nullable DecisionThread thread;

	private @Nullable BlockingQuery watch;

	// The newest revision that this server knows to be decided upon; confined to the
	// decision thread.
	private @Nullable String decided;

	/**
	 * Creates releases that begin when they are started.
	 * @param history the revisions
	 * @param contents what they say
	 * @param consul where the release is agreed upon; {@code null} for nowhere
	 * @param fleet the instances
	 * @param secrets decrypts values
	 * @param bounds when a gray release is taken back
	 * @param clock tells when something happened
	 * @param interval longest time between two looks for new revisions
	 * @param leastInterval shortest time between two of them, whoever asks for one
	 */
	public Releases(History history, Contents contents, @Nullable Consul consul, Fleet fleet, Secrets secrets,
			GrayBounds bounds, Clock clock, Duration interval, Duration leastInterval) {
		this.history = history;
		this.board = new ReleaseBoard(consul);
		this.fleet = fleet;
		this.checks = new Checks(history, contents, fleet, secrets);
		this.decisions = new Decisions(checks, clock);
		Restorer restorer = new Restorer(history, board, clock);
		this.rollbacks = new Rollbacks(history, this::state, checks, restorer);
		this.grayReleases = new GrayReleases(history, board, this::state, fleet, checks, restorer, clock);
		this.grayWatch = new GrayWatch(bounds, fleet::members, clock);
		this.clock = clock;
		this.line = new Line(history, interval, leastInterval, troubles);
		this.lag = new Lag(history, line);
	}

	@Override
	public synchronized void start() {
		DecisionThread started = new DecisionThread(troubles, PATIENCE);
		thread = started;
		fleet.watch(() -> later("Hearing the instances", this::hearTheFleet),
				() -> later("Considering again what was refused", this::considerAgain));
		line.start(this::considerLater);
		try {
			started.decide(() -> troubles.attempt(CONSIDERING, this::consider));
		}
		catch (RefusedRequestException ex) {
			log.info("Which revision to begin with is not decided yet: " + ex.getMessage());
		}
		watch = board.watch(this::considerLater);
		started.repeat("Looking after the releases", grayWatch.interval(), this::tend);
	}

	@Override
	public synchronized void stop() {
		if (watch != null) {
			watch.close();
		}
		fleet.close();
		line.stop();
		if (thread != null) {
			thread.stop();
		}
		thread = null;
	}

	@Override
	public boolean isRunning() {
		return thread != null;
	}

	private void later(String what, Runnable task) {
		DecisionThread present = thread;
		if (present != null) {
			present.later(what, task);
		}
	}

	private void considerLater() {
		later(CONSIDERING, this::consider);
	}

	private <T> T decide(Callable<T> decision) {
		DecisionThread present = thread;
		if (present == null) {
			throw RefusedRequestException.unavailable("The config server is starting or stopping. Try again.");
		}
		return present.decide(decision);
	}

	/**
	 * Returns what goes wrong here at present and should not.
	 * @return told for health
	 */
	public Troubles troubles() {
		return troubles;
	}

	/**
	 * Returns the present state.
	 * @return what was agreed upon
	 */
	public ReleaseState state() {
		ReleaseState state = board.state();
		if (state == null) {
			throw RefusedRequestException.unavailable(reasonForNone());
		}
		return state;
	}

	private String reasonForNone() {
		Revision newest = line.head();
		List<Problem> problems = (newest != null) ? checks.refusals(newest) : List.of();
		if (!problems.isEmpty()) {
			return "There is no configuration to start with, since none was ever good and this one is refused:\n"
					+ problems.stream().map((problem) -> "  " + problem + "\n").collect(Collectors.joining())
					+ "Correct that and save.";
		}
		return "No revision can be released yet. "
				+ Objects.requireNonNullElse(line.failure(), "Correct what the config server's log names.");
	}

	/**
	 * Returns the newest revision of the line.
	 * @return the newest one that is known
	 */
	public Revision head() {
		Revision head = line.head();
		if (head == null) {
			throw RefusedRequestException
				.unavailable("No revision is known yet. " + Objects.requireNonNullElse(line.failure(), ""));
		}
		return head;
	}

	/**
	 * Finds a revision.
	 * @param name its id, which may be abbreviated; a branch or tag; {@code current} for
	 * the one that is released
	 * @return the revision
	 * @throws RefusedRequestException when there is none
	 */
	public Revision revision(String name) {
		return name.equals(CURRENT) ? known(state().revision()) : line.find(name).orElseThrow(() -> unknown(name));
	}

	// Of somebody who may change the configuration, and has perhaps just pushed it.
	private Revision revisionToRelease(String name) {
		return name.equals(CURRENT) ? known(state().revision())
				: line.find(name, PATIENCE).orElseThrow(() -> unknown(name));
	}

	private Revision known(String id) {
		return history.find(id).orElseThrow(() -> unknown(id));
	}

	static RefusedRequestException unknown(String name) {
		return RefusedRequestException.unknown("There is no revision " + name + ". ./dev config history lists them.");
	}

	/**
	 * Returns what a revision says.
	 * @param revision a revision
	 * @return its files
	 * @throws RefusedRequestException when one of them cannot be read
	 */
	public Configuration configuration(Revision revision) {
		return checks.configuration(revision);
	}

	/**
	 * Returns why a revision is refused.
	 * @param revision a revision
	 * @return empty when it is not, or that was long ago
	 */
	public List<Problem> problems(Revision revision) {
		return checks.problems(revision, state());
	}

	/**
	 * Returns the revisions that instances may have run before another one.
	 * @param revision a revision
	 * @return those that were released before it, newest first, as far as is remembered;
	 * then those before them in the history
	 */
	public Stream<Revision> before(Revision revision) {
		return rollbacks.before(revision, state());
	}

	/**
	 * Returns how the gray instances do, compared with the others.
	 * @return {@code null} while no revision is gray
	 */
	public @Nullable Comparison comparison() {
		return grayWatch.comparison();
	}

	/**
	 * Looks at the newest revision of the line, unless that was done before.
	 */
	private void consider() {
		if (board.flush(this::considerLater)) {
			decided = null;
		}
		Revision newest = line.head();
		// A server that does not have yet what another has decided upon must not go back.
		if (newest != null && !newest.id().equals(decided)) {
			ReleaseState known = board.latest();
			if (known != null && lag.isBehind(newest, known, this::considerLater)) {
				return;
			}
			ReleaseState next = board
				.update((present) -> isUndecided(known, present) ? decisions.upon(newest, present) : present);
			if (next == null || next.considered().equals(newest.id())) {
				decided = newest.id();
			}
			// What the gray instances have answered until now does not count.
			watchGray();
		}
	}

	// Whether nobody has decided upon anything since this server has looked.
	private static boolean isUndecided(@Nullable ReleaseState known, @Nullable ReleaseState present) {
		String before = (known != null) ? known.considered() : null;
		String now = (present != null) ? present.considered() : null;
		return Objects.equals(before, now);
	}

	/** A key may have been unknown for no other reason than that its service is new. */
	private void considerAgain() {
		Revision newest = line.head();
		if (newest != null) {
			ReleaseState next = board.update((present) -> decisions.again(newest, present));
			if (next != null && !Checks.isRefused(newest, next)) {
				checks.forgetRefusal(newest);
			}
		}
	}

	private void hearTheFleet() {
		List<InstanceReport> reports = fleet.reports();
		for (InstanceReport report : reports) {
			InstanceReport.Refused refused = report.refused();
			if (refused != null) {
				board.update((present) -> decisions.hear(report, present));
				grayReleases.hear(report, refused);
			}
		}
		board.update((present) -> Decisions.forgive(reports, present));
		board.update(decisions::chooseMore);
		// It counts from when an instance runs the revision.
		watchGray();
	}

	private void tend() {
		consider();
		board.update(decisions::chooseMore);
		watchGray();
		fleet.forget(clock.instant());
	}

	private void watchGray() {
		grayWatch.look(board.state(), (judge) -> later("Judging the gray release", judge), grayReleases::hear);
	}

	/**
	 * Makes the content of an earlier revision the newest one again and releases it.
	 * @param name the earlier revision; {@code null} for the one that was released before
	 * the present one
	 * @param author who asks for it
	 * @param message why
	 * @return the new revision
	 */
	public Revision rollback(@Nullable String name, String author, @Nullable String message) {
		Revision named = (name != null) ? revisionToRelease(name) : null;
		return decide(() -> rollbacks.rollBack(named, author, message));
	}

	/**
	 * Begins a gray release.
	 * @param name the revision, or a branch; {@code null} for those that the line gets
	 * from now on
	 * @param percent share of the instances; {@code null} to choose by labels
	 * @param labels what the instances have in common; empty to choose by share
	 * @param author who asks for it
	 * @param message why; {@code null} for no reason
	 * @return the gray release
	 */
	public GrayRelease gray(@Nullable String name, @Nullable Integer percent, Map<String, String> labels, String author,
			@Nullable String message) {
		Revision revision = (name != null) ? revisionToRelease(name) : null;
		return decide(() -> {
			GrayRelease gray = grayReleases.begin(revision, percent, labels, author, message);
			watchGray();
			return gray;
		});
	}

	/**
	 * Releases the gray revision to all instances.
	 * @param author who asks for it
	 * @param message why; {@code null} for no reason
	 * @return what is released now
	 */
	public Revision promote(String author, @Nullable String message) {
		return decide(() -> grayReleases.promote(author, message));
	}

	/**
	 * Takes the gray revision back.
	 * @param author who asks for it
	 * @param message why; {@code null} for no reason
	 * @return what is released now
	 */
	public Revision abandon(String author, @Nullable String message) {
		return decide(() -> grayReleases.abandon(author, message));
	}

}
