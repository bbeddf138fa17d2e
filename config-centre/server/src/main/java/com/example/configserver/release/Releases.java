package com.example.configserver.release;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.configserver.content.Secrets;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.configserver.release.fleet.Fleet;
import com.example.configserver.release.gray.GrayBounds;
import com.example.configserver.release.gray.GrayChoice;
import com.example.configserver.release.gray.GrayRelease;
import com.example.configserver.release.gray.GrayWatch;
import com.example.platform.configprotocol.Problem;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Which revision each instance is to run: tells it, and takes the orders of people.
 *
 * <p>
 * Each new revision of the line is checked. One that passes is released to all instances,
 * or to the gray ones while a gray release follows the line; one that does not is
 * refused. All decisions are taken on one thread, and agreed upon with other config
 * servers by way of Consul: a server that lags behind the others decides nothing.
 *
 * <p>
 * Safe for use by several threads. An order waits for its decision, and every method
 * throws {@link RefusedRequestException} when what it is asked for cannot be had.
 */
public final class Releases implements SmartLifecycle {

	private static final Log log = LogFactory.getLog(Releases.class);

	private static final String CURRENT = "current";

	// Long enough for a push to a repository far away.
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final History history;

	private final ReleaseBoard board;

	private final Fleet fleet;

	private final Checks checks;

	private final Rollbacks rollbacks;

	private final GrayReleases grayReleases;

	private final GrayWatch grayWatch;

	private final Troubles troubles = new Troubles();

	private final Line line;

	private final DecisionThread thread = new DecisionThread(troubles, PATIENCE);

	private final Reconciler reconciler;

	private @Nullable BlockingQuery watch;

	/**
	 * Creates releases that begin when they are started.
	 * @param history the revisions
	 * @param parsed what they say
	 * @param consul where the release is agreed upon; {@code null} for nowhere
	 * @param fleet the instances
	 * @param secrets decrypts values
	 * @param bounds when a gray release is taken back
	 * @param clock tells when something happened
	 * @param interval longest time between two looks for new revisions
	 * @param leastInterval shortest time between two of them, whoever asks for one
	 */
	public Releases(History history, ParsedRevisions parsed, @Nullable Consul consul, Fleet fleet, Secrets secrets,
			GrayBounds bounds, Clock clock, Duration interval, Duration leastInterval) {
		this.history = history;
		this.board = new ReleaseBoard(consul);
		this.fleet = fleet;
		this.checks = new Checks(history, parsed, fleet::catalogue, secrets);
		this.rollbacks = new Rollbacks(history, board, parsed, checks, clock);
		GrayChoice choice = new GrayChoice(parsed::configuration, fleet::services, fleet::members);
		this.grayReleases = new GrayReleases(history, board, checks, choice, rollbacks, clock);
		this.grayWatch = new GrayWatch(bounds, fleet::members, clock);
		this.line = new Line(history, interval, leastInterval, troubles);
		this.reconciler = new Reconciler(thread, line, new Lag(history, line::lookSoon), board,
				new Decisions(checks, choice::receivers, clock), checks, fleet, grayReleases, grayWatch, clock);
	}

	@Override
	public synchronized void start() {
		thread.start();
		fleet.watch(() -> thread.later("Hearing the instances", reconciler::hearTheFleet),
				() -> thread.later("Considering again what was refused", reconciler::considerAgain));
		line.start(reconciler::considerLater);
		try {
			thread.decide(() -> troubles.attempt(Reconciler.CONSIDERING, reconciler::consider));
		}
		catch (RefusedRequestException ex) {
			log.info("Which revision to begin with is not decided yet: " + ex.getMessage());
		}
		watch = board.watch(reconciler::considerLater);
		thread.repeat("Looking after the releases", grayWatch.interval(), reconciler::tend);
	}

	@Override
	public synchronized void stop() {
		if (watch != null) {
			watch.close();
		}
		fleet.close();
		line.stop();
		thread.stop();
	}

	@Override
	public boolean isRunning() {
		return thread.isRunning();
	}

	/** Returns what goes wrong here at present and should not, for health to tell. */
	public Troubles troubles() {
		return troubles;
	}

	/** Returns what was agreed upon. */
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

	/** Returns the newest known revision of the line. */
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
	 */
	public Revision revision(String name) {
		return name.equals(CURRENT) ? current() : found(name, line.find(name));
	}

	// Of somebody who may change the configuration, and has perhaps just pushed it.
	private @Nullable Revision revisionToRelease(@Nullable String name) {
		if (name == null) {
			return null;
		}
		return name.equals(CURRENT) ? current() : found(name, line.find(name, PATIENCE));
	}

	private Revision current() {
		String id = state().revision();
		return found(id, history.find(id));
	}

	private static Revision found(String name, Optional<Revision> revision) {
		return revision.orElseThrow(() -> RefusedRequestException.noRevision(name));
	}

	/** Returns why a revision is refused; empty when it is not, or that was long ago. */
	public List<Problem> problems(Revision revision) {
		return checks.problems(revision, state());
	}

	/**
	 * Returns the revisions that instances may have run before another one: those that
	 * were released before it, newest first, as far as is remembered; then those before
	 * them in the history.
	 */
	public Stream<Revision> before(Revision revision) {
		return rollbacks.before(revision, state());
	}

	/** Returns how the gray instances do; {@code null} while no revision is gray. */
	public GrayWatch.@Nullable Comparison comparison() {
		return grayWatch.comparison();
	}

	/**
	 * Makes the content of an earlier revision the newest one again and releases it.
	 * @param name the earlier revision; {@code null} for the one that was released before
	 * the present one
	 * @param author who asks for it
	 * @param message why; {@code null} for no reason
	 * @return the new revision
	 */
	public Revision rollback(@Nullable String name, String author, @Nullable String message) {
		Revision named = revisionToRelease(name);
		return thread.decide(() -> rollbacks.rollBack(state(), named, author, message));
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
		Revision revision = revisionToRelease(name);
		return thread.decide(() -> {
			GrayRelease gray = grayReleases.begin(state(), revision, percent, labels, author, message);
			reconciler.watchGray();
			return gray;
		});
	}

	/**
	 * Releases the gray revision to all instances.
	 * @return what is released now
	 */
	public Revision promote(String author, @Nullable String message) {
		return thread.decide(() -> grayReleases.promote(state(), author, message));
	}

	/**
	 * Takes the gray revision back.
	 * @return what is released now
	 */
	public Revision abandon(String author, @Nullable String message) {
		return thread.decide(() -> grayReleases.abandon(state(), author, message));
	}

}
