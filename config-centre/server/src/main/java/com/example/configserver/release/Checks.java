package com.example.configserver.release;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.ConfigurationCheck;
import com.example.configserver.content.Secrets;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.configserver.release.ParsedRevisions.ParsedRevision;
import com.example.platform.configclient.keys.KeyCatalogue;
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

	private final ParsedRevisions parsed;

	private final Supplier<KeyCatalogue> catalogue;

	private final Secrets secrets;

	private final Map<String, List<Problem>> refusals = Collections.synchronizedMap(new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, List<Problem>> eldest) {
			return size() > MOST_REFUSALS;
		}

	});

	/**
	 * Creates checks.
	 * @param catalogue the keys that services know at present
	 */
	Checks(History history, ParsedRevisions parsed, Supplier<KeyCatalogue> catalogue, Secrets secrets) {
		this.history = history;
		this.parsed = parsed;
		this.catalogue = catalogue;
		this.secrets = secrets;
	}

	@Override
	public List<Problem> check(Revision revision, @Nullable String released) {
		ParsedRevision next = parsed.of(revision);
		if (next.configuration() == null) {
			return next.problems();
		}
		Configuration before = (released != null) ? parsed.configuration(released) : null;
		return ConfigurationCheck.check(next.configuration(), before, catalogue.get(), secrets);
	}

	/**
	 * Returns why a revision is refused.
	 * @return empty when it is not and can be read
	 */
	List<Problem> problems(Revision revision, ReleaseState state) {
		if (!state.isRefused(revision.id())) {
			return parsed.of(revision).problems();
		}
		List<Problem> known = refusals(revision);
		// Another server may have refused it, or this one in an earlier life.
		return !known.isEmpty() ? known : check(revision, state.revision());
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

}
