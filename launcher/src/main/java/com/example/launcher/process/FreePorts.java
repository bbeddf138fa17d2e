package com.example.launcher.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * Hands out TCP ports of 127.0.0.1 on which nothing listens, none of them twice. They are
 * taken at random from below the range that operating systems give to outgoing
 * connections, so that processes started at the same time seldom meet. Thread-safe.
 */
public final class FreePorts {

	private static final int FIRST = 15_000;

	private static final int LAST = 32_000;

	private static final int HIGHEST = 65_535;

	private final RandomGenerator random;

	private final IntPredicate free;

	private final Set<Integer> handedOut = new HashSet<>();

	public FreePorts(RandomGenerator random) {
		this(random, FreePorts::isFree);
	}

	/**
	 * Hands out ports for which a condition of the caller's holds.
	 * @param free whether a port may be handed out
	 */
	public FreePorts(RandomGenerator random, IntPredicate free) {
		this.random = random;
		this.free = free;
	}

	public synchronized int next() {
		for (int attempt = 0; attempt < LAST - FIRST; attempt++) {
			int port = random.nextInt(FIRST, LAST);
			if (take(port)) {
				return port;
			}
		}
		throw new LocalSystemException("No free TCP port between " + FIRST + " and " + LAST
				+ " on 127.0.0.1. Stop programs that listen there.");
	}

	/** The preferred port if it is free, else any free one. */
	public synchronized int prefer(int port) {
		return take(port) ? port : next();
	}

	private boolean take(int port) {
		return port <= HIGHEST && !handedOut.contains(port) && free.test(port) && handedOut.add(port);
	}

	/** Whether a server could listen on that port of 127.0.0.1 now. */
	public static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
