package com.example.configserver.release;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.RefusedException;
import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.platform.configrefresh.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * What revisions say, parsed once. Keeps those that were asked for last. Thread-safe.
 */
public final class Contents {

	private static final int MOST = 64;

	private final History history;

	// Each is parsed by the first who asks for it; who asks for another does not wait.
	private final Map<String, Supplier<Content>> cache = Collections
		.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {

			@Override
			protected boolean removeEldestEntry(Map.Entry<String, Supplier<Content>> eldest) {
				return size() > MOST;
			}

		});

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
		return cache.computeIfAbsent(revision.id(), (id) -> SingletonSupplier.of(() -> read(revision))).get();
	}

	private Content read(Revision revision) {
		try {
			return new Content(revision, Configuration.parse(history.files(revision)), List.of());
		}
		catch (RefusedException ex) {
			return new Content(revision, null, ex.problems());
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
	}

}
