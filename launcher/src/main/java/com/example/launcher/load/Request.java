package com.example.launcher.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A request to send.
 *
 * @param method its method
 * @param path its path and query, encoded
 * @param headers its header lines, but for {@code Host} and {@code Content-Length}
 * @param body its body, empty for none
 * @param padding blanks to send after the body
 * @param answered is told the answer, on the thread that reads all answers: it must not
 * wait
 */
public record Request(String method, String path, Map<String, String> headers, String body, int padding,
		Consumer<Answer> answered) {

	/** A request without a body. */
	public static Request get(String path) {
		return new Request("GET", path, Map.of(), "", 0, (answer) -> {
		});
	}

	/** A request with a body of JSON. */
	public static Request post(String path, String json) {
		return new Request("POST", path, Map.of("Content-Type", "application/json"), json, 0, (answer) -> {
		});
	}

	/** The same with one more header line. */
	public Request with(String name, String value) {
		Map<String, String> more = new TreeMap<>(headers);
		more.put(name, value);
		return new Request(method, path, more, body, padding, answered);
	}

	/** The same for somebody else who is told the answer. */
	public Request whenAnswered(Consumer<Answer> listener) {
		return new Request(method, path, headers, body, padding, listener);
	}

}
