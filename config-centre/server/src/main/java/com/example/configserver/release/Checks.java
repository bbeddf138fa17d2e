package com.example.configserver.release;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.ConfigurationCheck;
import com.example.configserver.content.Difference;
import com.example.configserver.content.Secrets;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.configserver.release.Contents.Content;
import com.example.configserver.release.Event.Kind;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.Problem;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Checks what revisions say, and remembers why one was refused. Thread-safe.
 */
final class Checks implements Decisions.Facts {

	private static final Log log = LogFactory.getLog(Checks.class);

	/** How far back a revision is looked for that can be released. */
	static final int MOST_REVISIONS = 500;

	private static final int MOST_REFUSALS = 1000;

	private final History history;

	private final Contents contents;

	private final Fleet fleet;

	private final Secrets secrets;

	private final Map<String, List<Problem>> refusals = Collections.synchronizedMap(new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, List<Problem>> eldest) {
			return size() > MOST_REFUSALS;
		}

	});

	Checks(History history, Contents contents, Fleet fleet, Secrets secrets) {
		this.history = history;
		this.contents = contents;
		this.fleet = fleet;
		this.secrets = secrets;
	}

	@Override
	public List<Problem> check(Revision revision, @Nullable String released) {
		Content content = contents.of(revision);
		if (content.configuration() == null) {
			return content.problems();
		}
		return ConfigurationCheck.check(content.configuration(), configuration(released), fleet.catalogue(), secrets);
	}

	/**
	 * Returns why a revision is refused.
	 * @return empty when it is not and can be read
	 */
	List<Problem> problems(Revision revision, ReleaseState state) {
		if (!isRefused(revision, state)) {
			return contents.of(revision).problems();
		}
		List<Problem> known = refusals(revision);
		// Another server may have refused it, or this one in an earlier life.
		return !known.isEmpty() ? known : check(revision, state.revision());
	}

	static boolean isRefused(Revision revision, ReleaseState state) {
		return state.lastEvent(revision.id()).map(Event::kind).orElse(null) == Kind.REFUSED;
	}

	@Override
	public void refuse(Revision revision, List<Problem> problems) {
		refusals.put(revision.id(), problems);
		StringBuilder text = new StringBuilder("Revision " + revision.id() + " is refused; what was released stays.");
		problems.forEach((problem) -> text.append("\n  ").append(problem));
		log.warn(text.toString());
	}

	void forgetRefusal(Revision revision) {
		refusals.remove(revision.id());
	}

	/**
	 * Returns why this server has refused a revision.
	 * @return empty when it has not, or that was long ago
	 */
	List<Problem> refusals(Revision revision) {
		return refusals.getOrDefault(revision.id(), List.of());
	}

	/**
	 * Returns what a revision says.
	 * @return {@code null} when it is not known or cannot be read
	 */
	@Nullable Configuration configuration(@Nullable String id) {
		return (id == null) ? null
				: history.find(id).map((revision) -> contents.of(revision).configuration()).orElse(null);
	}

	/**
	 * Returns what a revision says.
	 * @throws RefusedRequestException when it cannot be read
	 */
	Configuration configuration(Revision revision) {
		Content content = contents.of(revision);
		if (content.configuration() == null) {
			throw RefusedRequestException
				.conflict("Revision " + revision.id() + " cannot be read: " + content.problems().get(0));
		}
		return content.configuration();
	}

	/**
	 * Requires that a revision can be released.
	 * @throws RefusedRequestException when it cannot
	 */
	void requireReleasable(Revision revision) {
		List<Problem> problems = check(revision, null);
		if (!problems.isEmpty()) {
			throw RefusedRequestException
				.conflict("Revision " + revision.id() + " is refused itself: " + problems.get(0));
		}
	}

	@Override
	public boolean isKnown(String id) {
		return history.find(id).isPresent();
	}

	@Override
	public List<Revision> revisions() {
		return history.revisions(MOST_REVISIONS);
	}

	@Override
	public Set<String> receivers(GrayRelease gray, String before, String after) {
		return GrayChoice.of(gray, concerned(before, after), fleet.members());
	}

	/**
	 * Returns the running services to which two revisions do not say the same.
	 */
	Set<String> concerned(String before, String after) {
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

}
