package com.example.systemtests;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * HTTP as no library would send it: bytes over a connection of their own.
 */
final class RawHttp {

	private static final int TIMEOUT_MILLIS = 20_000;

	private RawHttp() {
	}

	/**
	 * Sends a request and waits for the answer, or for the end of the connection.
	 * @param request what to send, with a line feed for the end of a line
	 * @return the status; 0 for none
	 */
	static int exchange(String request) throws IOException {
		try (Socket socket = send(request)) {
			byte[] head = socket.getInputStream().readNBytes(12);
			String line = new String(head, StandardCharsets.ISO_8859_1);
			return line.startsWith("HTTP/1.") ? Integer.parseInt(line.substring(9, 12)) : 0;
		}
	}

	/** Sends a request and hangs up, with a reset of the connection or without. */
	static int hangUp(String request, boolean reset) throws IOException {
		try (Socket socket = send(request)) {
			socket.setSoLinger(reset, 0);
			return 0;
		}
	}

	/** Sends a request over a connection that stays open. */
	static Socket send(String request) throws IOException {
		Socket socket = new Socket(RunningSystem.gateway().getHost(), RunningSystem.gateway().getPort());
		socket.setSoTimeout(TIMEOUT_MILLIS);
		socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
		return socket;
	}

}
