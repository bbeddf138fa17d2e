package com.example.configserver.release;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.RefusedException;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.platform.configprotocol.Problem;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What revisions say, parsed once. Keeps those that were asked for last. Thread-safe.
 */
public final class ParsedRevisions {

	// Bytes, about: a revision can be large, and another one has to fit beside.
	private static final int MOST = 8 * 1024 * 1024;

	private static final Log log = LogFactory.getLog(ParsedRevisions.class);

	private final Object parsing = new Object();

	private final History history;

	// The one that was asked for last comes last. Each is parsed by the first who asks
	// for it; who asks for another does not wait.
	private final Map<String, Slot> cache = new LinkedHashMap<>(16, 0.75f, true);

	public ParsedRevisions(History history) {
		this.history = history;
	}

	/** Returns what a revision says; the same object each time, while it is kept. */
	public ParsedRevision of(Revision revision) {
		Slot slot;
		synchronized (cache) {
			slot = cache.computeIfAbsent(revision.id(), (id) -> new Slot());
		}
		if (slot.parsed == null) {
			slot.fill(revision);
			forgetEldest();
		}
		return Objects.requireNonNull(slot.parsed);
	}

	/** Returns what a revision says; {@code null} when it is not known or unreadable. */
	@Nullable Configuration configuration(String id) {
		return history.find(id).map((revision) -> of(revision).configuration()).orElse(null);
	}

	/**
	 * Returns what a revision says.
	 * @throws RefusedRequestException when one of its files cannot be read
	 */
	public Configuration configuration(Revision revision) {
		ParsedRevision parsed = of(revision);
		if (parsed.configuration == null) {
			throw RefusedRequestException
				.conflict("Revision " + revision.id() + " cannot be read: " + parsed.problems.get(0));
		}
		return parsed.configuration;
	}

	private void forgetEldest() {
		synchronized (cache) {
			long weight = cache.values().stream().mapToLong(Slot::weight).sum();
			Iterator<Slot> eldest = cache.values().iterator();
			while (weight > MOST && cache.size() > 1) {
				weight -= eldest.next().weight();
				eldest.remove();
			}
		}
	}

	private ParsedRevision read(Revision revision) {
		SortedMap<String, byte[]> files = history.files(revision);
		// One at a time: what is parsed takes many times the memory of what is kept.
		synchronized (parsing) {
			return parse(revision, files);
		}
	}

	private static ParsedRevision parse(Revision revision, SortedMap<String, byte[]> files) {
		try {
			return new ParsedRevision(revision, Configuration.parse(files), List.of());
		}
		catch (RefusedException ex) {
			return new ParsedRevision(revision, null, ex.problems());
		}
		catch (RuntimeException | StackOverflowError ex) {
			// Whatever a file holds, the history must stay readable.
			log.error("Revision " + revision.id() + " cannot be parsed", ex);
			return new ParsedRevision(revision, null,
					List.of(new Problem(files.firstKey(), null, null, "or another file cannot be parsed: " + ex)));
		}
	}

	private final class Slot {

		private volatile @Nullable ParsedRevision parsed;

		private synchronized void fill(Revision revision) {
			if (parsed == null) {
				parsed = read(revision);
			}
		}

		private int weight() {
			ParsedRevision known = parsed;
			return (known != null) ? known.weight() : 0;
		}

	}

	/**
	 * What a revision says.
	 *
	 * @param revision the revision
	 * @param configuration its files; {@code null} when one cannot be read
	 * @param problems why not
	 */
	public record ParsedRevision(Revision revision, @Nullable Configuration configuration, List<Problem> problems) {

		private static final int WITHOUT_CONFIGURATION = 1024;

		private int weight() {
			return WITHOUT_CONFIGURATION + ((configuration != null) ? configuration.weight() : 0)
					+ 2 * problems.stream().mapToInt((problem) -> problem.toString().length()).sum();
		}

	}

}
