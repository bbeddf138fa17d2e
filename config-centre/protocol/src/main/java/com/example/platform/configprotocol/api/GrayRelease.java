package com.example.platform.configprotocol.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A revision that some instances get before the others do.
 *
 * @param revision the revision, {@code null} while it is still to be saved
 * @param author who started it
 * @param message why
 * @param since when it was started
 * @param percent share of the instances that get it, {@code null} if labels choose them
 * @param labels what an instance must be labelled with to get it
 * @param instances names of the instances that get it
 * @param comparison how they do, {@code null} while nothing is known
 */
public record GrayRelease(@Nullable String revision, @Nullable String author, @Nullable String message,
		@Nullable Instant since, @Nullable Integer percent, Map<String, String> labels, List<String> instances,
		@Nullable Comparison comparison) {

	/**
	 * The instances that got the revision beside those that did not.
	 *
	 * @param gray those that got it
	 * @param others those that did not
	 */
	public record Comparison(@Nullable Side gray, @Nullable Side others) {

	}

	/**
	 * How a group of instances does.
	 *
	 * @param requests number of requests lately, within the window of the comparison
	 * @param errorRate share of failed ones, 0 to 1, {@code null} without requests
	 * @param p99Millis time within which 99 % were answered, in milliseconds,
	 * {@code null} without requests
	 */
	public record Side(long requests, @Nullable Double errorRate, @Nullable Double p99Millis) {

	}

}
