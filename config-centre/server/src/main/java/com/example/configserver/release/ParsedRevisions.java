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
public final class Contents {

	// Bytes, about: a revision can be large, and another one has to fit beside.
	private static final int MOST = 8 * 1024 * 1024;

	private static final Log log = LogFactory.getLog(Contents.class);

	private final Object parsing = new Object();

	private final History history;

	// The one that was asked for last comes last. Each is parsed by the first who asks
	// for
	// it; who asks for another does not wait.
	private final Map<String, Slot> cache = new LinkedHashMap<>(16, 0.75f, true);

	/**
	 * Creates access to what revisions say.
	 * @param history where their files are
	 */
	public Contents(History history) {
		this.history = history;
	}

	/**
	 * Returns what a revision says.
	 * @param revision a revision of the history
	 * @return the same object each time, while it is kept
	 */
	public Content of(Revision revision) {
		Slot slot;
		synchronized (cache) {
			slot = cache.computeIfAbsent(revision.id(), (id) -> new Slot());
		}
		if (slot.content == null) {
			slot.fill(revision);
			forgetEldest();
		}
		return Objects.requireNonNull(slot.content);
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

	private Content read(Revision revision) {
		SortedMap<String, byte[]> files = history.files(revision);
		// One at a time: what is parsed takes many times the memory of what is kept.
		synchronized (parsing) {
			return parse(revision, files);
		}
	}

	private static Content parse(Revision revision, SortedMap<String, byte[]> files) {
		try {
			return new Content(revision, Configuration.parse(files), List.of());
		}
		catch (RefusedException ex) {
			return new Content(revision, null, ex.problems());
		}
		catch (RuntimeException | StackOverflowError ex) {
			// Whatever a file holds, the history must stay readable.
			log.error("Revision " + revision.id() + " cannot be parsed", ex);
			return new Content(revision, null,
					List.of(new Problem(files.firstKey(), null, null, "or another file cannot be parsed: " + ex)));
		}
	}

	private final class Slot {

		private volatile @Nullable Content content;

		private synchronized void fill(Revision revision) {
			if (content == null) {
				content = read(revision);
			}
		}

		private int weight() {
			Content known = content;
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
	public record Content(Revision revision, @Nullable Configuration configuration, List<Problem> problems) {

		private static final int WITHOUT_CONFIGURATION = 1024;

		private int weight() {
			return WITHOUT_CONFIGURATION + ((configuration != null) ? configuration.weight() : 0)
					+ 2 * problems.stream().mapToInt((problem) -> problem.toString().length()).sum();
		}

	}

}
