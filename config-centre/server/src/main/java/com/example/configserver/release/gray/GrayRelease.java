package com.example.configserver.release.gray;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A revision that only some instances run for now.
 *
 * @param revision the revision; that of the release until there is one to try
 * @param instances ids of the instances; one that is chosen stays chosen
 * @param percent share of the instances of each service concerned, 1 to 100; {@code null}
 * when they are chosen by labels
 * @param labels what chosen instances have in common: zone, version, or one of several
 * ids, separated by commas
 * @param followsLine whether new revisions become this one's successors
 * @param line the newest revision of the line when it began
 * @param author who began it
 * @param message why
 * @param since when the revision became gray
 */
public record GrayRelease(String revision, Set<String> instances, @Nullable Integer percent, Map<String, String> labels,
		boolean followsLine, String line, String author, String message, Instant since) {

	public GrayRelease withInstances(Set<String> chosen) {
		return new GrayRelease(revision, chosen, percent, labels, followsLine, line, author, message, since);
	}

	public GrayRelease withRevision(String next, Set<String> chosen, Instant time) {
		return new GrayRelease(next, chosen, percent, labels, followsLine, line, author, message, time);
	}

	/** Tells whether the other is this one, whoever belongs to it. */
	public boolean isSame(@Nullable GrayRelease other) {
		return other != null && revision.equals(other.revision) && since.equals(other.since);
	}

}
