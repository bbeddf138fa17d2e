package com.example.configserver.release;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import com.example.configserver.history.History;
import com.example.configserver.history.Revision;

/**
 * Tells whether this server lags behind others: one may have decided upon a later
 * revision, which is new to this one. If a look brings none, the line was moved back by
 * force. Confined to the decision thread.
 */
final class Lag {

	private final History history;

	private final Supplier<CompletableFuture<Boolean>> lookSoon;

	// What another server has decided upon and this one does not have yet, and the look
	// that may bring it.
	private String missing = "";

	private CompletableFuture<Boolean> look = CompletableFuture.completedFuture(false);

	/**
	 * Creates a lag.
	 * @param lookSoon lets another thread look for new revisions; completes with whether
	 * that succeeded
	 */
	Lag(History history, Supplier<CompletableFuture<Boolean>> lookSoon) {
		this.history = history;
		this.lookSoon = lookSoon;
	}

	/**
	 * Tells whether a decision has to wait.
	 * @param newest the newest revision that this server has
	 * @param present what was decided, by whomever
	 * @param looked called when a look has brought what there is, by any thread
	 */
	boolean isBehind(Revision newest, ReleaseState present, Runnable looked) {
		String considered = present.considered();
		if (newest.id().equals(considered)
				|| history.find(considered).filter((known) -> !history.isAncestor(newest, known)).isPresent()) {
			return false;
		}
		if (!missing.equals(considered) || (look.isDone() && !look.getNow(false))) {
			missing = considered;
			look = lookSoon.get();
			var unused = look.thenAccept((succeeded) -> {
				if (succeeded) {
					looked.run();
				}
			});
			return true;
		}
		if (!look.isDone() || !newest.equals(history.head())) {
			return true;
		}
		missing = "";
		return false;
	}

}
