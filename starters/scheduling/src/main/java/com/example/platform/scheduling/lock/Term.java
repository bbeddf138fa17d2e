package com.example.platform.scheduling.lock;

/**
 * The time for which one candidate leads.
 */
public interface Term {

	/**
	 * Returns which term it is.
	 * @return the {@linkplain Lock#fence() fence}: higher for each later term of the same
	 * name
	 */
	long number();

	/**
	 * Tells whether it goes on, as {@link Lock#isHeld()} does. A term that is lost has
	 * ended before the listener is told; one that is resigned ends when the listener has
	 * been told.
	 * @return whether the candidate leads
	 */
	boolean isCurrent();

}
