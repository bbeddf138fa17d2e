package com.example.configserver.release;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What goes wrong that nobody has foreseen, in work that is done again and again. None of
 * it ends the thread that works; it is logged, and health shows it until the same work
 * succeeds. Thread-safe.
 */
public final class Troubles {

	private static final Log log = LogFactory.getLog(Troubles.class);

	private final Map<String, String> present = new ConcurrentHashMap<>();

	/** Returns the reasons of what goes wrong at present, by what fails. */
	public Map<String, String> present() {
		return new TreeMap<>(present);
	}

	/**
	 * Does some work, once. An interruption is kept for the thread to notice.
	 * @param what says what is done, as the beginning of a sentence
	 * @param work what is done
	 * @return whether it was done
	 */
	boolean attempt(String what, Work work) {
		try {
			work.run();
			if (present.remove(what) != null) {
				log.info(what + " works again");
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		// An error, too, would end a thread without a word.
		catch (Exception | Error ex) {
			// The same thing is said once.
			if (!ex.toString().equals(present.put(what, ex.toString()))) {
				log.error(what + " has failed; it is tried again", ex);
			}
			return false;
		}
	}

	/** Work that may fail. */
	interface Work {

		void run() throws Exception;

	}

}
