package com.example.configserver.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The revisions of the configuration, which form a line that only grows at its head.
 *
 * <p>
 * What counts are files named {@code *.yml}, {@code *.yaml} or {@code *.properties}, in
 * sub-folders too, unless a part of their name begins with a dot. A change of anything
 * else is no revision, and nothing else is ever written.
 *
 * <p>
 * Safe for use by several threads. What only reads does not wait for one that looks. Of
 * these, each method throws {@link UncheckedIOException} when the kept history cannot be
 * read, and {@link IllegalArgumentException} for a revision that is not part of it.
 */
public interface History extends AutoCloseable {

	/** Bytes that a file can have at most; one more is read of a longer one, to tell. */
	int LARGEST_FILE = 1024 * 1024;

	/** Bytes that all files of a revision can have together. */
	int LARGEST_REVISION = 4 * LARGEST_FILE;

	/** Files that a revision can have at most. */
	int MOST_FILES = 1000;

	/**
	 * Looks for what is new, which is cheap when nothing is.
	 * @return the newest revision
	 * @throws IOException if the place that the configuration comes from cannot be read.
	 * The message names the cause and the remedy; what was known stays.
	 */
	Revision look() throws IOException;

	/**
	 * Waits for a hint that there may be something new. Not every change gives one.
	 */
	void await(Duration atMost) throws InterruptedException;

	/**
	 * Ends the waiting, now or the next time somebody waits.
	 */
	void hint();

	/**
	 * Returns the newest known revision without looking for a newer one.
	 * @throws IllegalStateException if none is known: nobody has looked successfully yet,
	 * now or before a restart
	 */
	Revision head();

	/**
	 * Finds a revision by a name that people use.
	 * @param name an id, in full or any unambiguous beginning of at least 4 digits; with
	 * git a branch or tag too, which stands for the newest revision in it
	 */
	Optional<Revision> find(String name);

	/**
	 * Lists the newest revisions, newest first.
	 */
	List<Revision> revisions(int atMost);

	/**
	 * Tells whether a revision is part of the history of another, or the same.
	 */
	boolean isAncestor(Revision earlier, Revision later);

	/**
	 * Reads the files of a revision.
	 * @return contents by names relative to the folder, with slashes. Of each at most
	 * {@link #LARGEST_FILE} bytes and one more; and no file behind the one that exceeds
	 * {@link #LARGEST_REVISION} or {@link #MOST_FILES}.
	 */
	SortedMap<String, byte[]> files(Revision revision);

	/**
	 * Makes the content of an earlier revision the newest one again, by a new revision:
	 * nothing is taken out of the history.
	 * @param author who restores it
	 * @param message why
	 * @return the new revision; the newest one if its content is that already
	 * @throws IOException if the history does not take it; then nothing has changed
	 */
	Revision restore(Revision earlier, String author, String message) throws IOException;

	/**
	 * Names the files that are not what the newest revision says, because a restored
	 * revision could not be written to where the configuration comes from.
	 */
	default List<String> drift() {
		return List.of();
	}

	/**
	 * Brings the files together that the history is kept in, if they have become many.
	 * Nothing is lost if that fails.
	 */
	void pack() throws IOException;

	/**
	 * Names what stands among the files and cannot be read, each with the reason. What
	 * was read of it before stays part of the revisions.
	 */
	default List<String> unreadable() {
		return List.of();
	}

	@Override
	void close();

}
