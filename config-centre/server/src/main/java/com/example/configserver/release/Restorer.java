package com.example.configserver.release;

import java.io.IOException;
import java.time.Clock;
import java.util.function.UnaryOperator;

import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import com.example.configserver.release.Event.Kind;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Makes the content of an earlier revision the newest one again and releases it. Confined
 * to the decision thread.
 */
final class Restorer {

	private static final Log log = LogFactory.getLog(Restorer.class);

	private final History history;

	private final ReleaseBoard board;

	private final Clock clock;

	Restorer(History history, ReleaseBoard board, Clock clock) {
		this.history = history;
		this.board = board;
		this.clock = clock;
	}

	/**
	 * Restores a revision.
	 * @param earlier the revision
	 * @param meanwhile what else changes with the release
	 * @return the new revision, which says the same
	 * @throws IOException when it cannot be stored
	 */
	Revision restore(Revision earlier, Kind kind, String author, String message, UnaryOperator<ReleaseState> meanwhile)
			throws IOException {
		Revision restored = history.restore(earlier, author, message);
		board.update((present) -> (present == null) ? null
				: meanwhile.apply(present)
					.consider(restored.id())
					.release(restored.id(), null, new Event(clock.instant(), kind, restored.id(), author, message)));
		log.info("Revision " + restored.id() + " is released, with the content of " + earlier.id() + ": " + message);
		return restored;
	}

}
