package com.example.benchmarks.encoding;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.LongAdder;

/**
 * Passes bytes on between a client and a server, and counts them, both ways.
 */
final class CountingRelay implements AutoCloseable {

	private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final LongAdder bytes = new LongAdder();

	private final int server;

	CountingRelay(int server) throws IOException {
		this.server = server;
		inBackground(this::accept);
	}

	int port() {
		return listening.getLocalPort();
	}

	long bytes() {
		return bytes.sum();
	}

	@Override
	public void close() throws IOException {
		listening.close();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = listening.accept();
			Socket target = new Socket(InetAddress.getLoopbackAddress(), server);
			client.setTcpNoDelay(true);
			target.setTcpNoDelay(true);
			inBackground(() -> pass(client, target));
			inBackground(() -> pass(target, client));
		}
	}

	private void pass(Socket from, Socket to) throws IOException {
		byte[] buffer = new byte[8192];
		try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				bytes.add(read);
				out.write(buffer, 0, read);
			}
		}
	}

	private static void inBackground(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// Somebody has closed the connection, which ends it.
			}
		}, "relay");
		thread.setDaemon(true);
		thread.start();
	}

	private interface Work {

		void run() throws IOException;

	}

}
