package com.example.platform.configprotocol.api;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How the values that services get differ between two revisions.
 *
 * @param from the older revision
 * @param to the newer revision
 * @param services services that get other values
 */
public record Difference(String from, String to, List<OfService> services) {

	/**
	 * What changes for one service.
	 *
	 * @param service its name
	 * @param changes its keys that have another value
	 */
	public record OfService(String service, List<Change> changes) {

	}

	/**
	 * One key with another value.
	 *
	 * @param key the key
	 * @param before value in the older revision, {@code null} if it had none
	 * @param after value in the newer revision, {@code null} if it has none
	 * @param file file that decides, {@code null} if unknown
	 * @param line line in the file, from 1, {@code null} if unknown
	 * @param live whether running instances follow without a restart, {@code null} if
	 * unknown
	 */
	public record Change(String key, @Nullable String before, @Nullable String after, @Nullable String file,
			@Nullable Integer line, @Nullable Boolean live) {

	}

}
