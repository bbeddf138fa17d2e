package com.example.platform.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * An address at which now one agent answers, now another, now none, and at which answers
 * can go wrong on their way. Thread-safe.
 */
public final class AgentProxy implements AutoCloseable {

	private static final int NOBODY = 0;

	private final ServerSocket server;

	private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

	private final CountDownLatch closed = new CountDownLatch(1);

	private final AtomicInteger faults = new AtomicInteger();

	private volatile int agentPort;

	private volatile @Nullable Fault fault;

	/** An address that leads to the agent on the given port of 127.0.0.1. */
	public AgentProxy(int agentPort) {
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.agentPort = agentPort;
		start(this::accept);
	}

	/** The port at which it listens. */
	public int port() {
		return server.getLocalPort();
	}

	/** Where it listens, for an HTTP client. */
	public URI address() {
		return URI.create("http://127.0.0.1:" + port());
	}

	/** Leads to another agent; open connections break. */
	public void forwardTo(int port) {
		agentPort = port;
		connections.forEach(AgentProxy::close);
		connections.clear();
	}

	/** Refuses connections; open ones break. */
	public void forwardToNobody() {
		forwardTo(NOBODY);
	}

	/**
	 * Lets answers go wrong from now on, each in the same way; {@code null} lets later
	 * ones pass, while those that went wrong stay as they are.
	 */
	public void spoil(@Nullable Fault how) {
		faults.set(0);
		fault = how;
	}

	/** How many answers went wrong in the present way. */
	public int spoilt() {
		return faults.get();
	}

	/** How many connections of clients are open. */
	public int connections() {
		return connections.size() / 2;
	}

	@Override
	public void close() {
		closed.countDown();
		close(server);
		forwardToNobody();
	}

	private void accept() {
		try {
			while (true) {
				Socket client = server.accept();
				try {
					connect(client);
				}
				catch (IOException ex) {
					close(client);
				}
			}
		}
		catch (IOException ex) {
			// The proxy was closed.
		}
	}

	private void connect(Socket client) throws IOException {
		int port = agentPort;
		if (port == NOBODY) {
			client.close();
			return;
		}
		Socket agent = new Socket(InetAddress.getLoopbackAddress(), port);
		connections.add(client);
		connections.add(agent);
		start(() -> copy(client, agent, InputStream::transferTo));
		start(() -> copy(agent, client, this::answers));
	}

	private void answers(InputStream agent, OutputStream client) throws IOException {
		byte[] buffer = new byte[64 * 1024];
		for (int length = agent.read(buffer); length >= 0; length = agent.read(buffer)) {
			Fault present = fault;
			if (present == null) {
				client.write(buffer, 0, length);
				continue;
			}
			faults.incrementAndGet();
			try {
				present.answer(Arrays.copyOf(buffer, length), client, closed);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return;
		}
	}

	private void copy(Socket from, Socket to, Copier copier) {
		try {
			copier.copy(from.getInputStream(), to.getOutputStream());
		}
		catch (IOException ex) {
			// One of the two is closed, and so is the other one now.
		}
		close(from);
		close(to);
		connections.remove(from);
		connections.remove(to);
	}

	private static void close(AutoCloseable socket) {
		try {
			socket.close();
		}
		catch (Exception ex) {
			// Then there is nothing to close.
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "agent-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@FunctionalInterface
	private interface Copier {

		void copy(InputStream from, OutputStream to) throws IOException;

	}

	/**
	 * A way in which an answer goes wrong. The connection is closed when it returns.
	 */
	@FunctionalInterface
	public interface Fault {

		/** No byte arrives. */
		Fault SILENCE = stall(0);

		/**
		 * Passes the answer on as it sees fit.
		 * @param answer its beginning, the headers included
		 * @param client gets what is to arrive
		 * @param end what to wait for to keep the connection open
		 */
		void answer(byte[] answer, OutputStream client, CountDownLatch end) throws IOException, InterruptedException;

		/** After that many bytes nothing arrives any more, and nobody closes. */
		static Fault stall(int bytes) {
			return (answer, client, end) -> {
				client.write(answer, 0, bytes);
				end.await();
			};
		}

		/** Headers arrive, and so many bytes of the body, then nothing any more. */
		static Fault stallInBody(int bytes) {
			return (answer, client, end) -> stall(headers(answer) + bytes).answer(answer, client, end);
		}

		/** Headers arrive, and so many bytes of the body, then the connection ends. */
		static Fault cutInBody(int bytes) {
			return (answer, client, end) -> client.write(answer, 0, headers(answer) + bytes);
		}

		/** Headers arrive, then a byte of the body each second. */
		static Fault drip() {
			return (answer, client, end) -> {
				int next = headers(answer);
				client.write(answer, 0, next);
				while (next < answer.length && !end.await(1, TimeUnit.SECONDS)) {
					client.write(answer[next++]);
				}
				end.await();
			};
		}

		/** Something else arrives instead, as often as said, and nobody closes. */
		static Fault instead(String text, long times) {
			return (answer, client, end) -> {
				byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
				for (long i = 0; i < times; i++) {
					client.write(bytes);
				}
				end.await();
			};
		}

		private static int headers(byte[] answer) {
			return new String(answer, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
		}

	}

}
