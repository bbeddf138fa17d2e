package com.example.launcher;

import java.util.OptionalLong;

import com.example.launcher.process.Memory;
import com.example.launcher.process.ProcessIdentity;

/**
 * How an instance is at this moment.
 *
 * @param instance the instance
 * @param condition what it does
 * @param memory bytes it takes, empty if that is unknown or it does not run
 */
public record InstanceReport(Instance instance, Condition condition, OptionalLong memory) {

	/** Asks how an instance is. */
	static InstanceReport of(Instance instance) {
		ProcessIdentity process = instance.process();
		if (process == null) {
			// Somebody may have started it by hand.
			return new InstanceReport(instance, Health.isReady(instance) ? Condition.HEALTHY : Condition.STOPPED,
					OptionalLong.empty());
		}
		if (!process.isAlive()) {
			return new InstanceReport(instance, Condition.DIED, OptionalLong.empty());
		}
		Condition condition = Condition.PAUSED;
		if (!process.isPaused()) {
			condition = Health.isReady(instance) ? Condition.HEALTHY : Condition.NOT_READY;
		}
		return new InstanceReport(instance, condition, Memory.ofTree(process));
	}

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
