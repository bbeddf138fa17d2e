package com.example.platform.scheduling.lock;

import java.time.Duration;
import java.util.Optional;

/**
 * Locks that one holder in the whole cluster has at a time, by name. Thread-safe. A lock
 * belongs to the object, not to a thread, and is not reentrant: who asks for a lock that
 * the same process holds is told that it is taken.
 */
public interface Locks extends AutoCloseable {

	/**
	 * Takes a lock that is free, without waiting for another holder. When the server does
	 * not answer, this takes seconds.
	 * @param name 1 to 100 letters, digits, {@code .}, {@code _} and {@code -}, the first
	 * a letter or digit; the same lock everywhere in the cluster
	 * @return the lock; empty when it is taken, and for a second after its holder was
	 * lost
	 * @throws LocksUnavailableException if the server cannot be asked
	 * @throws IllegalArgumentException if the name is none
	 */
	Optional<Lock> tryAcquire(String name);

	/**
	 * Takes a lock, and waits while another one has it. A lock that is released is taken
	 * at once. While the server cannot be asked, it is asked again.
	 * @param name as for {@link #tryAcquire}
	 * @param patience how long to wait at most; asking the server may take seconds more
	 * @return the lock; empty when it was taken all the time
	 * @throws InterruptedException if the thread is interrupted while it waits
	 * @throws LocksUnavailableException if at the end the server cannot be asked
	 * @throws IllegalArgumentException if the name is none
	 */
	Optional<Lock> acquire(String name, Duration patience) throws InterruptedException;

	/**
	 * Releases all locks. Nobody gets one from here any more.
	 */
	@Override
	void close();

	/**
	 * Checks a name.
	 * @param name the name of a lock
	 * @return the same
	 * @throws IllegalArgumentException if it is none
	 */
	static String requireValid(String name) {
		if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
			throw new IllegalArgumentException("'" + name + "' is no name of a lock: 1 to 100 letters, digits,"
					+ " '.', '_' and '-', the first a letter or digit");
		}
		return name;
	}

}
