package com.example.platform.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;

/**
 * The OpenAPI document of a running service, to be compared with what the service really
 * sends. An answer of an operation is written as a line: {@code GET /api/users/{id} 404
 * application/problem+json}. Thread-safe.
 */
public final class OpenApiDocument {

	private static final String DEFAULT = "default";

	private static final String CONTENT_TYPE = "Content-Type";

	private final HttpClient client = HttpClient.newHttpClient();

	private final Set<String> sent = new ConcurrentSkipListSet<>();

	private final String url;

	private final String json;

	private final Map<String, Map<String, Map<String, Object>>> paths;

	/**
	 * Reads the document.
	 * @param url address of the service
	 */
	public OpenApiDocument(String url) {
		this.url = url;
		this.json = send(HttpRequest.newBuilder(URI.create(url + "/v3/api-docs")).build()).body();
		this.paths = JsonPath.read(json, "$.paths");
	}

	/** The document itself. */
	String json() {
		return json;
	}

	/**
	 * Returns every answer that the document tells of, but for {@code default}.
	 */
	public Set<String> told() {
		Set<String> told = new TreeSet<>();
		paths.forEach((path, operations) -> operations.forEach((method, operation) -> {
			Map<String, Map<String, Map<String, Object>>> responses = JsonPath.read(operation, "$.responses");
			responses.forEach((status, response) -> {
				if (!status.equals(DEFAULT)) {
					response.getOrDefault("content", Map.of("", ""))
						.keySet()
						.forEach((type) -> told.add(line(method, path, status, type)));
				}
			});
		}));
		return told;
	}

	/**
	 * Returns every answer to what was requested so far.
	 */
	public Set<String> sent() {
		return Collections.unmodifiableSet(sent);
	}

	/**
	 * Requests something without a body.
	 * @param line method and path
	 * @param headers names and values in turn
	 */
	public void request(String line, String... headers) {
		request(line, BodyPublishers.noBody(), headers);
	}

	/**
	 * Requests something with a body of JSON, unless the headers say what it is.
	 */
	public void requestWith(String body, String line, String... headers) {
		request(line, BodyPublishers.ofString(body),
				List.of(headers).contains(CONTENT_TYPE) ? headers
						: Stream.concat(Stream.of(headers), Stream.of(CONTENT_TYPE, "application/json"))
							.toArray(String[]::new));
	}

	private void request(String line, BodyPublisher body, String[] headers) {
		String[] methodAndPath = line.split(" ", 2);
		HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url + methodAndPath[1]))
			.method(methodAndPath[0], body);
		HttpRequest request = ((headers.length > 0) ? builder.headers(headers) : builder).build();
		HttpResponse<String> response = send(request);
		sent.add(line(request.method(), template(request.uri().getPath()), Integer.toString(response.statusCode()),
				response.headers().firstValue(CONTENT_TYPE).orElse("").replaceFirst(";.*", "")));
	}

	private String template(String path) {
		return paths.keySet()
			.stream()
			.filter((template) -> path.matches(template.replaceAll("\\{\\w+}", "[^/]+")))
			.min(Comparator.comparing((template) -> template.contains("{")))
			.orElseThrow();
	}

	private HttpResponse<String> send(HttpRequest request) {
		try {
			return client.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for " + request, ex);
		}
	}

	private static String line(String method, String path, String status, String type) {
		return "%s %s %s %s".formatted(method.toUpperCase(Locale.ROOT), path, status, type).strip();
	}

}
