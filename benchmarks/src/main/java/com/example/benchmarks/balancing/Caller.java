package com.example.benchmarks.balancing;

/**
 * What one client knows of a fleet of instances: it chooses one for each call and learns
 * how the call ended. Safe for use by several threads as far as what it stands for is.
 */
interface Caller {

	/**
	 * Chooses an instance without telling anybody that a call begins.
	 * @param request the call
	 * @return the chosen instance, in whatever form
	 */
	Object choose(Request request);

	/**
	 * Begins a call and ends it well at once, in the fewest steps that what is measured
	 * allows.
	 * @param request the call; only those that keep a key on its instance look at it
	 * @return the chosen instance, in whatever form
	 */
	Object call(Request request);

	/**
	 * Begins a call.
	 * @param request the call
	 * @return the call
	 */
	Call begin(Request request);

	/**
	 * Does what time brings. To be called about twice a second.
	 */
	default void tick() {
	}

	/**
	 * A call under way.
	 */
	interface Call {

		/**
		 * Returns the instance that was chosen.
		 * @return its number in the fleet
		 */
		int instance();

		/**
		 * Ends the call.
		 * @param failed whether the instance answered with an error
		 */
		void end(boolean failed);

	}

}
