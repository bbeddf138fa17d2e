package com.example.configserver.release;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.ConfigurationCheck;
import com.example.configserver.content.Difference;
import com.example.configserver.content.Secrets;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.configserver.release.Contents.Content;
import com.example.configserver.release.Event.Kind;
import com.example.configserver.release.Fleet.Member;
import com.example.platform.configrefresh.InstanceReport;
import com.example.platform.configrefresh.Problem;
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

	private static final int MOST_REFUSALS = 1000;

	private static final String CURRENT = "current";

	private static final String CONSIDERING = "Deciding upon the newest revision";

	// Long enough for a push to a repository far away.
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Set<Kind> FAILURES = EnumSet.of(Kind.REFUSED, Kind.REFUSED_BY_SERVICE, Kind.ABANDONED,
			Kind.TAKEN_BACK);

	// How far back a revision is looked for that can be released.
	private static final int MOST_REVISIONS = 500;

	private final History history;

	private final Contents contents;

	private final ReleaseBoard board;

	private final Fleet fleet;

	private final Secrets secrets;

	private final GrayWatch grayWatch;

	private final Clock clock;

	private final Line line;

	private final Troubles troubles = new Troubles();

	private final Map<String, List<Problem>> refusals = Collections.synchronizedMap(new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, List<Problem>> eldest) {
			return size() > MOST_REFUSALS;
		}

	});

	private volatile @Nullable DecisionThread decisions;

	private @Nullable BlockingQuery watch;

	// The newest revision that this server knows to be decided upon; confined to the
	// decision thread, as the next two are.
	private @Nullable String decided;

	// What another server has decided upon and this one does not have yet, and the look
	// that may bring it.
	private String missing = "";

	private CompletableFuture<Boolean> lookForMissing = CompletableFuture.completedFuture(false);

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
		this.contents = contents;
		this.board = new ReleaseBoard(consul);
		this.fleet = fleet;
		this.secrets = secrets;
		this.grayWatch = new GrayWatch(bounds, fleet::members, clock);
		this.clock = clock;
		this.line = new Line(history, interval, leastInterval, troubles);
	}

	// ------------------------------------------------------------------ life cycle

	@Override
	public synchronized void start() {
		DecisionThread thread = new DecisionThread(troubles, PATIENCE);
		decisions = thread;
		fleet.watch(() -> later("Hearing the instances", this::hearTheFleet),
				() -> later("Considering again what was refused", this::considerAgain));
		line.start(this::considerLater);
		try {
			thread.decide(() -> troubles.attempt(CONSIDERING, this::consider));
		}
		catch (RefusedRequestException ex) {
			log.info("Which revision to begin with is not decided yet: " + ex.getMessage());
		}
		watch = board.watch(this::considerLater);
		thread.repeat("Looking after the releases", grayWatch.interval(), this::tend);
	}

	@Override
	public synchronized void stop() {
		if (watch != null) {
			watch.close();
		}
		fleet.close();
		line.stop();
		if (decisions != null) {
			decisions.stop();
		}
		decisions = null;
	}

	@Override
	public boolean isRunning() {
		return decisions != null;
	}

	private void later(String what, Runnable task) {
		DecisionThread thread = decisions;
		if (thread != null) {
			thread.later(what, task);
		}
	}

	private void considerLater() {
		later(CONSIDERING, this::consider);
	}

	private DecisionThread decisions() {
		DecisionThread thread = decisions;
		if (thread == null) {
			throw RefusedRequestException.unavailable("The config server is starting or stopping. Try again.");
		}
		return thread;
	}

	/**
	 * Returns what goes wrong here at present and should not.
	 * @return told for health
	 */
	public Troubles troubles() {
		return troubles;
	}

	// ------------------------------------------------------------------ reading

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
		List<Problem> problems = (newest != null) ? refusals.getOrDefault(newest.id(), List.of()) : List.of();
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

	private static RefusedRequestException unknown(String name) {
		return RefusedRequestException.unknown("There is no revision " + name + ". ./dev config history lists them.");
	}

	/**
	 * Returns what a revision says.
	 * @param revision a revision
	 * @return its files
	 * @throws RefusedRequestException when one of them cannot be read
	 */
	public Configuration configuration(Revision revision) {
		Content content = contents.of(revision);
		if (content.configuration() == null) {
			throw RefusedRequestException
				.conflict("Revision " + revision.id() + " cannot be read: " + content.problems().get(0));
		}
		return content.configuration();
	}

	/**
	 * Returns why a revision is refused.
	 * @param revision a revision
	 * @return empty when it is not, or that was long ago
	 */
	public List<Problem> problems(Revision revision) {
		ReleaseState state = state();
		if (!isRefused(revision, state)) {
			return contents.of(revision).problems();
		}
		List<Problem> refused = refusals.get(revision.id());
		// Another server may have refused it, or this one in an earlier life.
		return (refused != null) ? refused : check(revision, state.revision());
	}

	private static boolean isRefused(Revision revision, ReleaseState state) {
		return state.lastEvent(revision.id()).map(Event::kind).orElse(null) == Kind.REFUSED;
	}

	/**
	 * Returns the revisions that instances may have run before another one.
	 * @param revision a revision
	 * @return those that were released before it, newest first, as far as is remembered;
	 * then those before them in the history
	 */
	public Stream<Revision> before(Revision revision) {
		List<String> released = state().released();
		int index = released.indexOf(revision.id());
		List<String> earlier = (index < 0) ? List.of() : released.subList(index + 1, released.size());
		List<Revision> remembered = earlier.stream().map(history::find).flatMap(Optional::stream).toList();
		Revision oldest = remembered.isEmpty() ? revision : remembered.get(remembered.size() - 1);
		return Stream.concat(remembered.stream(),
				Stream.iterate(parent(oldest), Optional::isPresent, (next) -> next.flatMap(this::parent))
					.flatMap(Optional::stream)
					.limit(MOST_REVISIONS));
	}

	private Optional<Revision> parent(Revision revision) {
		return (revision.parent() != null) ? history.find(revision.parent()) : Optional.empty();
	}

	/**
	 * Returns how the gray instances do, compared with the others.
	 * @return {@code null} while no revision is gray
	 */
	public @Nullable Comparison comparison() {
		return grayWatch.comparison();
	}

	// ------------------------------------------------------------------ deciding

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
			if (known != null && isBehind(newest, known)) {
				return;
			}
			ReleaseState next = board
				.update((present) -> isUndecided(known, present) ? decideUpon(newest, present) : present);
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
		ReleaseState state = board.state();
		if (newest != null && state != null && isRefused(newest, state) && check(newest, state.revision()).isEmpty()) {
			refusals.remove(newest.id());
			board.update((present) -> (present != null && present.considered().equals(newest.id())
					&& isRefused(newest, present)) ? releaseLine(newest, present) : present);
		}
	}

	private @Nullable ReleaseState decideUpon(Revision head, @Nullable ReleaseState present) {
		if (present == null) {
			return firstRelease(head);
		}
		if (present.considered().equals(head.id())) {
			return present;
		}
		ReleaseState considered = present.consider(head.id());
		if (history.find(present.revision()).isEmpty()) {
			// The history was lost, or belongs to another repository now.
			ReleaseState first = firstRelease(head);
			if (first != null) {
				return first;
			}
		}
		List<Problem> problems = check(head, present.revision());
		if (!problems.isEmpty()) {
			refuse(head, problems);
			return considered.log(event(Kind.REFUSED, head, problems.get(0).toString()));
		}
		return releaseLine(head, considered);
	}

	private ReleaseState releaseLine(Revision head, ReleaseState considered) {
		GrayRelease gray = considered.gray();
		if (gray != null && gray.followsLine()) {
			return publishGray(considered, gray, head);
		}
		log.info("Revision " + head.id() + " is released: " + head.message());
		return considered.release(head.id(), gray, event(Kind.RELEASED, head, head.message()));
	}

	// Another server may have decided upon a later revision, which is new to this one. If
	// a look brings none, the line was moved back by force.
	private boolean isBehind(Revision newest, ReleaseState present) {
		String considered = present.considered();
		if (newest.id().equals(considered)
				|| history.find(considered).filter((known) -> !history.isAncestor(newest, known)).isPresent()) {
			return false;
		}
		if (!missing.equals(considered) || (lookForMissing.isDone() && !lookForMissing.getNow(false))) {
			missing = considered;
			lookForMissing = line.lookSoon();
			var unused = lookForMissing.thenAccept((looked) -> {
				if (looked) {
					considerLater();
				}
			});
			return true;
		}
		if (!lookForMissing.isDone() || !newest.equals(line.head())) {
			return true;
		}
		missing = "";
		return false;
	}

	private @Nullable ReleaseState firstRelease(Revision head) {
		Event refusal = null;
		for (Revision revision : history.revisions(MOST_REVISIONS)) {
			List<Problem> problems = check(revision, null);
			if (problems.isEmpty()) {
				log.info("Revision " + revision.id() + " is released: " + revision.message());
				ReleaseState first = ReleaseState.first(revision.id(), head.id(),
						event(Kind.RELEASED, revision, revision.message()));
				return (refusal != null) ? first.log(refusal) : first;
			}
			refuse(revision, problems);
			if (revision.equals(head)) {
				refusal = event(Kind.REFUSED, head, problems.get(0).toString());
			}
		}
		return null;
	}

	private List<Problem> check(Revision revision, @Nullable String released) {
		Content content = contents.of(revision);
		if (content.configuration() == null) {
			return content.problems();
		}
		return ConfigurationCheck.check(content.configuration(), configuration(released), fleet.catalogue(), secrets);
	}

	private void refuse(Revision revision, List<Problem> problems) {
		refusals.put(revision.id(), problems);
		StringBuilder text = new StringBuilder("Revision " + revision.id() + " is refused; what was released stays.");
		problems.forEach((problem) -> text.append("\n  ").append(problem));
		log.warn(text.toString());
	}

	private @Nullable Configuration configuration(@Nullable String id) {
		return (id == null) ? null
				: history.find(id).map((revision) -> contents.of(revision).configuration()).orElse(null);
	}

	private boolean isOnTheLine(Revision revision) {
		return history.isAncestor(revision, history.head());
	}

	private ReleaseState publishGray(ReleaseState state, GrayRelease gray, Revision revision) {
		Set<String> chosen = GrayChoice.of(gray, concerned(state.revision(), revision.id()), fleet.members());
		log.info("Revision " + revision.id() + " is gray, for " + chosen + ": " + revision.message());
		return state.withGray(gray.withRevision(revision.id(), chosen, clock.instant()),
				event(Kind.GRAY, revision, revision.message()));
	}

	/** The services to which two revisions do not say the same. */
	private Set<String> concerned(String before, String after) {
		Configuration old = configuration(before);
		Configuration next = configuration(after);
		Set<String> services = new TreeSet<>();
		if (next != null) {
			fleet.reports()
				.stream()
				.map(InstanceReport::service)
				.distinct()
				.filter((service) -> Difference.ofAll(old, next)
					.stream()
					.anyMatch((change) -> Configuration.concerns(change.file(), service)))
				.forEach(services::add);
		}
		return services;
	}

	private Event event(Kind kind, Revision revision, String message) {
		return new Event(clock.instant(), kind, revision.id(), revision.author(), message);
	}

	private Event event(Kind kind, String revision, String author, String message) {
		return new Event(clock.instant(), kind, revision, author, message);
	}

	// ------------------------------------------------------------------ the fleet

	private void hearTheFleet() {
		List<InstanceReport> reports = fleet.reports();
		for (InstanceReport report : reports) {
			InstanceReport.Refused refused = report.refused();
			if (refused != null) {
				board.update((present) -> hear(report, refused, present));
				takeBackIfGray(report, refused);
			}
		}
		board.update((present) -> (present == null) ? null : forgive(present, reports));
		chooseMore();
		// It counts from when an instance runs the revision.
		watchGray();
	}

	private void takeBackIfGray(InstanceReport report, InstanceReport.Refused refused) {
		ReleaseState state = board.state();
		if (state != null && state.gray() != null && state.gray().revision().equals(refused.revision())
				&& state.gray().instances().contains(report.instance())) {
			takeBack(report.instance() + " refuses it" + reason(refused));
		}
	}

	private static String reason(InstanceReport.Refused refused) {
		return refused.problems().isEmpty() ? "" : ": " + refused.problems().get(0);
	}

	// A newer version of a service may take what an older one has refused.
	private static ReleaseState forgive(ReleaseState present, List<InstanceReport> reports) {
		return present.accept(present.goodFor().keySet().stream().filter((service) -> {
			List<InstanceReport> own = reports.stream().filter((report) -> report.service().equals(service)).toList();
			return own.stream().anyMatch((report) -> report.revision().equals(present.revision())) && own.stream()
				.noneMatch(
						(report) -> report.refused() != null && report.refused().revision().equals(present.revision()));
		}).collect(Collectors.toSet()));
	}

	private @Nullable ReleaseState hear(InstanceReport report, InstanceReport.Refused refused,
			@Nullable ReleaseState present) {
		if (present == null || !present.revision().equals(refused.revision())
				|| refused.revision().equals(present.refusedBy().get(report.service()))) {
			return present;
		}
		return present.refuse(report.service(), report.revision(), event(Kind.REFUSED_BY_SERVICE, refused.revision(),
				Event.SERVER, report.instance() + " refuses it" + reason(refused)));
	}

	// An instance that has come up may belong to the share.
	private void chooseMore() {
		board.update((present) -> {
			if (present == null || present.gray() == null || present.gray().revision().equals(present.revision())) {
				return present;
			}
			GrayRelease gray = present.gray();
			Set<String> chosen = GrayChoice.of(gray, concerned(present.revision(), gray.revision()), fleet.members());
			return chosen.equals(gray.instances()) ? present : present.withGrayInstances(gray.withInstances(chosen));
		});
	}

	private void tend() {
		consider();
		chooseMore();
		watchGray();
		fleet.forget(clock.instant());
	}

	private void watchGray() {
		grayWatch.look(board.state(), (judge) -> later("Judging the gray release", judge), (verdict) -> {
			ReleaseState state = board.state();
			if (state != null && state.gray() != null && GrayWatch.isSame(state.gray(), verdict.gray())) {
				takeBack(verdict.reason());
			}
		});
	}

	private void takeBack(String reason) {
		try {
			abandonGray(requireGray(), Kind.TAKEN_BACK, Event.SERVER, reason);
		}
		catch (RefusedRequestException ex) {
			// Somebody else may have been faster.
			ReleaseState state = board.state();
			if (state != null && state.gray() != null) {
				log.error("Gray revision " + state.gray().revision() + " cannot be taken back (" + ex.getMessage()
						+ "), though " + reason);
			}
		}
	}

	// ------------------------------------------------------------------ what people ask
	// for

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
		return decisions().decide(() -> {
			ReleaseState state = state();
			if (state.gray() != null) {
				throw RefusedRequestException
					.conflict("A gray release is out. Promote or abandon it before you roll back.");
			}
			Revision earlier = (named != null) ? named : goodBefore(state);
			requireReleasable(earlier);
			return restore(earlier, Kind.ROLLED_BACK, author,
					(message != null) ? message : "Roll back to " + earlier.id(), UnaryOperator.identity());
		});
	}

	private Revision goodBefore(ReleaseState state) {
		Configuration current = configuration(state.revision());
		return before(known(state.revision()))
			.filter((revision) -> check(revision, null).isEmpty() && !hasFailed(state, revision)
					&& differs(contents.of(revision).configuration(), current))
			.findFirst()
			.orElseThrow(() -> RefusedRequestException.conflict("There is no earlier revision to roll back to."));
	}

	private static boolean hasFailed(ReleaseState state, Revision revision) {
		return state.lastEvent(revision.id()).map(Event::kind).filter(FAILURES::contains).isPresent();
	}

	private static boolean differs(@Nullable Configuration earlier, @Nullable Configuration current) {
		return earlier != null && !Difference.ofAll(current, earlier).isEmpty();
	}

	private void requireReleasable(Revision revision) {
		List<Problem> problems = check(revision, null);
		if (!problems.isEmpty()) {
			throw RefusedRequestException
				.conflict("Revision " + revision.id() + " is refused itself: " + problems.get(0));
		}
	}

	private Revision restore(Revision earlier, Kind kind, String author, String message,
			UnaryOperator<ReleaseState> meanwhile) throws IOException {
		Revision restored = history.restore(earlier, author, message);
		board.update((present) -> (present == null) ? null
				: meanwhile.apply(present)
					.consider(restored.id())
					.release(restored.id(), null, event(kind, restored.id(), author, message)));
		decided = restored.id();
		log.info("Revision " + restored.id() + " is released, with the content of " + earlier.id() + ": " + message);
		return restored;
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
		return decisions().decide(() -> {
			ReleaseState state = state();
			if (state.gray() != null) {
				throw RefusedRequestException.conflict("A gray release of revision " + state.gray().revision()
						+ " is out. Promote or abandon it first.");
			}
			GrayRelease gray = new GrayRelease(state.revision(), Set.of(), percent, labels, revision == null,
					state.considered(), author, (message != null) ? message : "", clock.instant());
			if (revision == null) {
				requireReceivers(gray, fleet.members());
				Event event = event(Kind.GRAY, state.revision(), author, "New revisions are gray from now on");
				board.update((present) -> begin(gray, event, present));
				return gray;
			}
			requireReleasable(revision);
			if (concerned(state.revision(), revision.id()).isEmpty()) {
				throw RefusedRequestException.conflict("Revision " + revision.id()
						+ " says nothing new to any running service. Roll back, or save a change, instead.");
			}
			List<Member> members = fleet.members();
			Set<String> services = concerned(state.revision(), revision.id());
			Set<String> chosen = requireReceivers(gray,
					members.stream().filter((member) -> services.contains(member.service())).toList());
			GrayRelease published = gray.withRevision(revision.id(), chosen, clock.instant());
			Event event = event(Kind.GRAY, revision.id(), author,
					published.message().isEmpty() ? revision.message() : published.message());
			board.update((present) -> begin(published, event, present));
			watchGray();
			return published;
		});
	}

	private static Set<String> requireReceivers(GrayRelease gray, List<Member> members) {
		Set<String> chosen = GrayChoice.of(gray, members.stream().map(Member::service).collect(Collectors.toSet()),
				members);
		if (chosen.isEmpty()) {
			throw RefusedRequestException.conflict("No running instance that it concerns "
					+ (gray.labels().isEmpty() ? "is there" : "has " + gray.labels())
					+ ". ./dev config status lists the instances.");
		}
		return chosen;
	}

	private static @Nullable ReleaseState begin(GrayRelease gray, Event event, @Nullable ReleaseState present) {
		if (present != null && present.gray() != null) {
			throw RefusedRequestException.conflict("Somebody else has just begun a gray release.");
		}
		return (present == null) ? null : present.withGray(gray, event);
	}

	/**
	 * Releases the gray revision to all instances.
	 * @param author who asks for it
	 * @param message why; {@code null} for no reason
	 * @return what is released now
	 */
	public Revision promote(String author, @Nullable String message) {
		return decisions().decide(() -> {
			GrayRelease gray = requireGray();
			Revision revision = known(gray.revision());
			String reason = (message != null) ? message : "Promote " + revision.id();
			Revision stable = known(state().revision());
			if (isMerged(gray, revision, stable)) {
				board.update((present) -> end(gray, present).withGray(null,
						event(Kind.PROMOTED, gray.revision(), author, reason)));
				return stable;
			}
			if (gray.followsLine()) {
				board.update((present) -> end(gray, present).release(gray.revision(), null,
						event(Kind.PROMOTED, gray.revision(), author, reason)));
				return revision;
			}
			if (!gray.line().equals(history.head().id())) {
				throw RefusedRequestException.conflict("The line has moved on to " + history.head().id() + " since "
						+ gray.revision() + " became gray, and promoting it would undo that. Bring both together in"
						+ " one revision, and try that.");
			}
			try {
				// The gray instances stay on it until it is on the line.
				return restore(revision, Kind.PROMOTED, author, reason, (present) -> end(gray, present));
			}
			catch (RefusedRequestException ex) {
				// Another server has taken it back while it was stored.
				takeOffTheLine(stable, author, String.valueOf(ex.getMessage()));
				throw ex;
			}
		});
	}

	// All instances have it already. What was on the line before it was gray is there
	// with its content undone: promoting that brings it back.
	private boolean isMerged(GrayRelease gray, Revision revision, Revision stable) {
		return history.isAncestor(revision, stable)
				&& history.find(gray.line()).filter((line) -> !history.isAncestor(revision, line)).isPresent();
	}

	/**
	 * Takes the gray revision back.
	 * @param author who asks for it
	 * @param message why; {@code null} for no reason
	 * @return what is released now
	 */
	public Revision abandon(String author, @Nullable String message) {
		return decisions().decide(() -> {
			GrayRelease gray = requireGray();
			return abandonGray(gray, Kind.ABANDONED, author,
					(message != null) ? message : "Abandon " + gray.revision());
		});
	}

	private GrayRelease requireGray() {
		GrayRelease gray = state().gray();
		if (gray == null) {
			throw RefusedRequestException.conflict("No gray release is out. ./dev config gray begins one.");
		}
		return gray;
	}

	// Another server may have ended it, and begun another, in the meantime.
	private static ReleaseState end(GrayRelease gray, @Nullable ReleaseState present) {
		if (present == null || present.gray() == null || !present.gray().revision().equals(gray.revision())) {
			throw RefusedRequestException.conflict("The gray release of " + gray.revision() + " has just ended.");
		}
		return present;
	}

	private Revision abandonGray(GrayRelease gray, Kind kind, String author, String reason) {
		Revision stable = known(state().revision());
		// First of all the instances return; then the line follows.
		board.update((present) -> end(gray, present).withGray(null, event(kind, gray.revision(), author, reason)));
		log.warn("Revision " + gray.revision() + " is not gray any more, by " + author + ": " + reason);
		Revision abandoned = known(gray.revision());
		boolean isNewOnTheLine = isOnTheLine(abandoned) && !history.isAncestor(abandoned, stable);
		return isNewOnTheLine ? takeOffTheLine(stable, author, "Take back " + gray.revision() + ": " + reason) : stable;
	}

	private Revision takeOffTheLine(Revision stable, String author, String reason) {
		Revision newest = history.head();
		// So that no server releases it, whether or not it can be taken off.
		board.update((present) -> (present == null || present.considered().equals(newest.id())) ? present
				: present.consider(newest.id()).log(event(Kind.ABANDONED, newest.id(), author, reason)));
		try {
			return restore(stable, Kind.ROLLED_BACK, author, reason, UnaryOperator.identity());
		}
		catch (IOException ex) {
			log.warn("The newest revision still holds what was taken back, though no instance runs it: "
					+ ex.getMessage());
			return stable;
		}
	}

}
