package com.example.platform.configclient.keys;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * How much one key looks like another, to name the one that was meant.
 */
public final class Spelling {

	private Spelling() {
	}

	/**
	 * Finds the text that was most likely meant.
	 * @param text a misspelled text
	 * @param candidates what there is; of those with the same distance the first one wins
	 * @return the one with the least {@link #distance}; empty if there are none
	 */
	public static Optional<String> nearest(String text, Collection<String> candidates) {
		return candidates.stream().min(Comparator.comparingInt((candidate) -> distance(text, candidate)));
	}

	/**
	 * Counts the letters that are to be added, left out or replaced to make one text of
	 * another (Levenshtein 1966).
	 * @param one a text
	 * @param other another one
	 * @return their distance; 0 if they are equal
	 */
	public static int distance(String one, String other) {
		int[] row = new int[other.length() + 1];
		for (int j = 0; j <= other.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int replaced = diagonal + ((one.charAt(i - 1) == other.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[other.length()];
	}

}
