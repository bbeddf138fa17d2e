package com.example.launcher.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks servers on this machine that may not answer yet, or no more.
 */
public final class Http {

	private Http() {
	}

	/**
	 * The body of an answer with status 200; empty for any other and for none.
	 * @param port port of 127.0.0.1
	 * @param timeout for the connection, and for each part of the answer
	 */
	public static Optional<String> get(int port, String path, Duration timeout) {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path)
				.toURL()
				.openConnection();
			connection.setConnectTimeout((int) timeout.toMillis());
			connection.setReadTimeout((int) timeout.toMillis());
			if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
				return Optional.empty();
			}
			try (InputStream body = connection.getInputStream()) {
				return Optional.of(new String(body.readAllBytes(), StandardCharsets.UTF_8));
			}
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

}
