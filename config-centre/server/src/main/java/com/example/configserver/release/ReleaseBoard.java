package com.example.configserver.release;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import com.example.platform.configprotocol.Release;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.ConsulException;
import com.example.platform.consul.KeyValue;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The release in Consul's key-value store, which all config servers and instances see. A
 * change is written only if nobody else has written in between (compare-and-set on
 * Consul's index), and made again on what the other has written otherwise.
 *
 * <p>
 * While Consul is away, changes are kept in memory and written when it answers again; a
 * Consul that has lost everything, or has gone back to an earlier state since a snapshot
 * was restored, is told the last state.
 *
 * <p>
 * Changes come from one thread, the only one that waits for Consul, and not again once it
 * has waited in vain. Whoever asks for the state gets what is known: no lock is held
 * while Consul is asked.
 */
final class ReleaseBoard {

	private static final Log log = LogFactory.getLog(ReleaseBoard.class);

	private static final KeyValue NOTHING = new KeyValue(Release.KEY, "", 0, null);

	private static final long ANSWER_SECONDS = 2;

	// Each attempt that fails is one of somebody else's that did not.
	private static final Duration ATTEMPTS = Duration.ofSeconds(2);

	private static final JsonMapper JSON = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	private final @Nullable Consul consul;

	// What follows is guarded by this, for the short time of reading or changing it.

	private volatile @Nullable ReleaseState state;

	// Consul's index of what it had last; 0 for nothing.
	private long index;

	// What Consul had last.
	private String read = "";

	// Whether the index is that of Consul's latest answer, so that a write may count on
	// it.
	private boolean current;

	// Whether Consul has the state, too.
	private boolean written = true;

	// What was sent last; that Consul has it does not mean that somebody else has gone
	// on.
	private String sent = "";

	// Whether a write is under way: what Consul answers meanwhile may be older.
	private boolean sending;

	// Counts the answers of Consul's that were taken.
	private long heard;

	// Consul did not answer last time.
	private boolean away;

	private final AtomicBoolean probing = new AtomicBoolean();

	// Another server has gone on from what this one had decided.
	private final AtomicBoolean overtaken = new AtomicBoolean();

	ReleaseBoard(@Nullable Consul consul) {
		this.consul = consul;
	}

	/**
	 * Watches the release.
	 * @param changed called when somebody else may have changed it, on Consul's watch
	 * thread
	 * @return the running watch; {@code null} without Consul
	 */
	@Nullable BlockingQuery watch(Runnable changed) {
		return (consul == null) ? null : consul.kv().watch(Release.KEY, (answer) -> {
			take(answer.body(), -1);
			changed.run();
		});
	}

	/**
	 * Returns the present state, at once.
	 * @return {@code null} before the first release
	 */
	@Nullable ReleaseState state() {
		return state;
	}

	/**
	 * Returns the state that Consul has now, as far as it answers.
	 * @return {@code null} before the first release
	 */
	@Nullable ReleaseState latest() {
		return known().state;
	}

	/**
	 * Changes the state.
	 * @param change makes the next state of the present one, {@code null} at first; may
	 * be called several times, and returns its argument where nothing is to change
	 * @return the state that was written
	 */
	@Nullable ReleaseState update(UnaryOperator<@Nullable ReleaseState> change) {
		long begin = System.nanoTime();
		do {
			Known known = known();
			ReleaseState next = change.apply(known.state);
			if (next == null || (next.equals(known.state) && known.written) || write(known, next)) {
				return next;
			}
		}
		while (System.nanoTime() - begin < ATTEMPTS.toNanos());
		throw RefusedRequestException.unavailable("Other config servers change the release all the time. Try again.");
	}

	/**
	 * Writes what Consul does not have, because it was away or has lost it.
	 * @param back called when Consul answers that was away, on a thread of its client
	 * @return whether something that was decided meanwhile does not count after all,
	 * because another server has gone on
	 */
	boolean flush(Runnable back) {
		Known asked = remembered();
		if (consul != null && asked.away && probing.compareAndSet(false, true)) {
			var unused = consul.kv().get(Release.KEY).whenComplete((answer, failure) -> {
				probing.set(false);
				if (failure == null) {
					take(answer, asked.heard);
					back.run();
				}
			});
		}
		Known known = known();
		if (!known.written && !known.away) {
			update((present) -> present);
		}
		return overtaken.getAndSet(false);
	}

	private Known known() {
		Known known = remembered();
		if (known.current || known.away || consul == null) {
			return known;
		}
		try {
			take(consul.kv().get(Release.KEY).orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).join(), known.heard);
		}
		catch (CompletionException ex) {
			log.debug("Consul does not answer", ex);
			lose();
		}
		return remembered();
	}

	private synchronized Known remembered() {
		return new Known(state, index, heard, current, written, away);
	}

	private synchronized void lose() {
		away = true;
		current = false;
	}

	private boolean write(Known known, ReleaseState next) {
		if (consul == null || known.away) {
			return keep(known, next, consul == null);
		}
		String json = JSON.writeValueAsString(next);
		send(json);
		try {
			boolean taken = consul.kv()
				.compareAndSet(Release.KEY, json, known.index)
				.orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
				.join();
			if (taken) {
				written(known, next);
			}
			return taken;
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof ConsulException refused && !refused.isTemporary()) {
				throw RefusedRequestException.unavailable("Consul refuses the release: " + refused.getMessage());
			}
			if (known.written) {
				log.warn("Consul does not take the release (" + ex.getCause()
						+ "). It is written when Consul answers again; until then instances do not hear of it.");
			}
			lose();
			return keep(known, next, false);
		}
		finally {
			answered();
		}
	}

	private synchronized void send(String json) {
		sent = json;
		sending = true;
		current = false;
	}

	private synchronized void answered() {
		sending = false;
	}

	private synchronized void written(Known known, ReleaseState next) {
		written = true;
		state = next;
		// At least: what the watch still brings from before the write is known by it.
		index = known.index + 1;
	}

	private synchronized boolean keep(Known known, ReleaseState next, boolean forGood) {
		if (heard != known.heard) {
			return false;
		}
		state = next;
		written = forGood;
		return true;
	}

	/**
	 * Takes what Consul has.
	 * @param before what had been heard when it was asked. If it was more than that in
	 * the meantime, an index lower than the known one may belong to a late answer, and
	 * not to a Consul that has gone back.
	 */
	private synchronized void take(Optional<KeyValue> stored, long before) {
		// Nobody knows whether this is older than what is sent. It is asked for again.
		if (sending) {
			return;
		}
		KeyValue entry = stored.orElse(NOTHING);
		boolean back = entry.modifyIndex() < index;
		away = false;
		if (back && before != heard) {
			current = false;
			return;
		}
		heard++;
		String json = entry.value();
		ReleaseState theirs = parse(json);
		if (theirs == null || (back && state != null && state.follows(theirs))) {
			// Nothing was ever released, or Consul has lost it or a part of it.
			written = state == null || state.equals(theirs);
		}
		// What was decided while Consul was away counts unless somebody else has gone on.
		else if (written || (!json.equals(read) && !json.equals(sent))) {
			if (!written || back) {
				overtaken.set(true);
			}
			written = true;
			state = theirs;
		}
		read = json;
		index = entry.modifyIndex();
		current = true;
	}

	private static @Nullable ReleaseState parse(String json) {
		try {
			return json.isEmpty() ? null : JSON.readValue(json, ReleaseState.class);
		}
		catch (JacksonException ex) {
			log.error("What stands in Consul under " + Release.KEY + " is no release (" + ex.getOriginalMessage()
					+ ") and is replaced");
			return null;
		}
	}

	// What is known at a moment.
	private record Known(@Nullable ReleaseState state, long index, long heard, boolean current, boolean written,
			boolean away) {
	}

}
