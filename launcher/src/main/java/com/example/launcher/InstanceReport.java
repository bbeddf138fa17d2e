package com.example.launcher;

import java.util.OptionalLong;

/**
 * How an instance is at this moment.
 *
 * @param instance the instance
 * @param condition what it does
 * @param memory bytes it takes, empty if that is unknown or it does not run
 */
public record InstanceReport(Instance instance, Condition condition, OptionalLong memory) {

	/**
	 * What an instance does.
	 */
	public enum Condition {

		/** It runs and answers that it is ready. */
		HEALTHY,

		/** It is halted on demand and answers nobody. */
		PAUSED,

		/** It runs and is not ready. */
		NOT_READY,

		/** It was stopped or killed on demand, or not started yet. */
		STOPPED,

		/** It ended though nobody asked. */
		DIED

	}

}
