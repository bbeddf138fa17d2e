package com.example.platform.consul;

import com.example.platform.consul.Consul.Answer;

/**
 * Hears what a {@linkplain BlockingQuery watch} sees. Called on the watch thread, where
 * all other watches wait meanwhile: long work belongs to a thread of its own.
 *
 * @param <T> type of what is watched
 */
@FunctionalInterface
public interface WatchListener<T> {

	/**
	 * Takes what stands there now. A listener that throws is called again after a pause,
	 * with what stands there then.
	 * @param answer Consul's answer
	 */
	void changed(Answer<T> answer);

	/**
	 * Consul has answered, and what stands there is the same as before.
	 */
	default void confirmed() {
	}

	/**
	 * Consul does not answer any more, or has not answered yet. Not called again until it
	 * has.
	 */
	default void lost() {
	}

}
