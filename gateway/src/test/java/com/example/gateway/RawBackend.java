package com.example.gateway;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A service that remembers the head of each request byte for byte, and does with the
 * connection what the test says.
 */
final class RawBackend implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<String> heads = new CopyOnWriteArrayList<>();

	private volatile Answer answer = (head, socket) -> write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

	RawBackend() throws IOException {
		threads.execute(this::accept);
	}

	private void accept() {
		while (!server.isClosed()) {
			try {
				Socket socket = server.accept();
				threads.execute(() -> serve(socket));
			}
			catch (IOException ex) {
				// It is closed.
			}
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			while (true) {
				String head = head(socket.getInputStream());
				heads.add(head);
				answer.give(head, socket);
			}
		}
		catch (IOException ex) {
			// The gateway, or the test, has ended the connection.
		}
	}

	/** Reads until the empty line; the bytes are the characters. */
	static String head(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
			int next = in.read();
			if (next < 0) {
				throw new EOFException(head.toString());
			}
			head.append((char) next);
		}
		return head.toString();
	}

	static void write(Socket socket, String latin1) throws IOException {
		socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
	}

	int port() {
		return server.getLocalPort();
	}

	void answer(Answer newAnswer) {
		answer = newAnswer;
	}

	List<String> heads() {
		return heads;
	}

	@Override
	public void close() throws IOException {
		server.close();
		threads.shutdownNow();
	}

	interface Answer {

		void give(String head, Socket socket) throws IOException;

	}

}
