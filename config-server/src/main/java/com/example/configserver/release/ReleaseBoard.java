package com.example.configserver.release;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;

import com.example.platform.configrefresh.Release;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.Consul.Answer;
import com.example.platform.consul.ConsulException;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The release in Consul's key-value store, which all config servers and instances see. A
 * change is written only if nobody else has written in between (check-and-set on Consul's
 * index), and made again on what the other has written otherwise.
 *
 * <p>
 * While Consul is away, changes are kept in memory and written when it answers again; a
 * Consul that has lost everything is told the last state. Thread-safe.
 */
final class ReleaseBoard {

	private static final Log log = LogFactory.getLog(ReleaseBoard.class);

	private static final String PATH = "/v1/kv/" + Release.KEY;

	private static final int MOST_ATTEMPTS = 10;

	private static final JsonMapper JSON = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	private final @Nullable Consul consul;

	private @Nullable ReleaseState state;

	// Consul's index of what state was made from; 0 when there is nothing.
	private long index;

	private boolean indexIsCurrent;

	private boolean written = true;

	private boolean overtaken;

	// What was sent last; that Consul has it does not mean that somebody else has gone
	// on.
	private String sent = "";

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
		return (consul == null) ? null : consul.watch(PATH, (answer) -> {
			take(answer);
			changed.run();
		});
	}

	/**
	 * Returns the present state.
	 * @return {@code null} before the first release
	 */
	synchronized @Nullable ReleaseState state() {
		return state;
	}

	/**
	 * Returns the state that Consul has now, as far as it answers.
	 * @return {@code null} before the first release
	 */
	synchronized @Nullable ReleaseState latest() {
		if (!indexIsCurrent) {
			read();
		}
		return state;
	}

	/**
	 * Changes the state.
	 * @param change makes the next state of the present one, {@code null} at first; may
	 * be called several times, and returns its argument where nothing is to change
	 * @return the state that was written
	 */
	synchronized @Nullable ReleaseState update(UnaryOperator<@Nullable ReleaseState> change) {
		for (int i = 0; i < MOST_ATTEMPTS; i++) {
			ReleaseState next = change.apply(latest());
			if (next == null || (next.equals(state) && written)) {
				return next;
			}
			if (write(next)) {
				state = next;
				return next;
			}
		}
		throw new IllegalStateException("Other config servers change the release all the time. Try again.");
	}

	/**
	 * Writes what could not be written while Consul was away.
	 * @return whether something that was decided meanwhile does not count after all,
	 * because another server has gone on
	 */
	synchronized boolean flush() {
		if (!written) {
			update((present) -> present);
		}
		boolean result = overtaken;
		overtaken = false;
		return result;
	}

	private void read() {
		if (consul == null) {
			indexIsCurrent = true;
			return;
		}
		try {
			take(consul.get(PATH).join());
		}
		catch (CompletionException ex) {
			log.debug("Consul does not answer", ex);
		}
	}

	private boolean write(ReleaseState next) {
		if (consul == null) {
			return true;
		}
		try {
			indexIsCurrent = false;
			sent = JSON.writeValueAsString(next);
			String answer = consul.put(PATH + "?cas=" + index, sent).join().body();
			boolean taken = answer != null && answer.strip().equals("true");
			written = written || taken;
			return taken;
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof ConsulException refused && !refused.isTemporary()) {
				throw new IllegalStateException("Consul refuses the release: " + refused.getMessage(), refused);
			}
			if (written) {
				log.warn("Consul does not take the release (" + ex.getCause()
						+ "). It is written when Consul answers again; until then instances do not hear of it.");
			}
			written = false;
			return true;
		}
	}

	private synchronized void take(Answer answer) {
		if (answer.body() == null) {
			// Nothing was ever released, or Consul has lost it.
			index = 0;
			written = state == null;
		}
		else {
			Entry entry = JSON.readValue(answer.body(), Entry[].class)[0];
			if (entry.index < index && !answer.afterOutage()) {
				return;
			}
			String json = new String(Base64.getDecoder().decode(entry.value), StandardCharsets.UTF_8);
			// What was decided while Consul was away counts unless somebody else has gone
			// on.
			if (written || (entry.index != index && !json.equals(sent))) {
				overtaken = !written;
				written = true;
				state = JSON.readValue(json, ReleaseState.class);
			}
			index = entry.index;
		}
		indexIsCurrent = true;
	}

	// As Consul answers.
	private record Entry(@JsonProperty("ModifyIndex") long index, @JsonProperty("Value") String value) {
	}

}
