package com.example.launcher.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A server of sockets: what it sends need not be HTTP.
 */
final class RawServer implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

	private final List<Socket> connections = new CopyOnWriteArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Queue<String> requests = new ConcurrentLinkedQueue<>();

	/**
	 * Starts a server.
	 * @param answers makes the answer to each request without a body; empty closes the
	 * connection, and {@code null} is no answer at all
	 */
	RawServer(Function<String, @Nullable String> answers) throws IOException {
		threads.execute(() -> {
			while (!server.isClosed()) {
				try {
					Socket connection = server.accept();
					connections.add(connection);
					threads.execute(() -> serve(connection, answers));
				}
				catch (IOException ex) {
					// It was closed.
				}
			}
		});
	}

	URI url() {
		return URI.create("http://127.0.0.1:" + server.getLocalPort());
	}

	int connections() {
		return connections.size();
	}

	/** The heads of the requests. */
	List<String> requests() {
		return List.copyOf(requests);
	}

	@Override
	public void close() throws IOException {
		server.close();
		for (Socket connection : connections) {
			connection.close();
		}
		threads.shutdownNow();
	}

	private void serve(Socket connection, Function<String, @Nullable String> answers) {
		try (connection) {
			for (String head = head(connection.getInputStream()); !head
				.isEmpty(); head = head(connection.getInputStream())) {
				requests.add(head);
				String answer = answers.apply(head);
				if (answer != null && answer.isEmpty()) {
					return;
				}
				if (answer != null) {
					connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
				}
			}
		}
		catch (IOException ex) {
			// The other side has gone.
		}
	}

	private static String head(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		for (int next = in.read(); next != -1; next = in.read()) {
			head.append((char) next);
			if (head.length() > 4 && head.lastIndexOf("\r\n\r\n") == head.length() - 4) {
				return head.toString();
			}
		}
		return "";
	}

}
