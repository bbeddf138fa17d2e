package com.example.launcher.jobs;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The jobs of several services. Any instance of a service answers for all of them; the
 * first one that does is asked.
 */
public final class JobServices {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final int OK = 200;

	private static final int BAD_REQUEST = 400;

	private static final JsonMapper JSON = new JsonMapper();

	private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

	private final Map<String, List<URI>> instances;

	/**
	 * Services to ask.
	 * @param instances where the actuators of each service's instances are, by its name
	 */
	public JobServices(Map<String, List<URI>> instances) {
		this.instances = new LinkedHashMap<>(instances);
	}

	/** All jobs, by service; services without jobs are left out. */
	public Map<String, JsonNode> all() {
		Map<String, JsonNode> jobs = new LinkedHashMap<>();
		instances.keySet().forEach((service) -> ask(service, "", null).ifPresent((list) -> jobs.put(service, list)));
		return jobs;
	}

	/** The latest runs of a job. */
	public JsonNode history(String job, int count) {
		return answer(job, "/" + encoded(job) + "?count=" + count, null);
	}

	/**
	 * Does something with a job. Where an instance does not answer, the next one is told
	 * the same: what is to be run must have a key, so that it runs once.
	 * @param action what, as the endpoint names it
	 * @param key which run; {@code null} where that does not matter
	 * @return the job as it is then
	 */
	public JsonNode steer(String job, String action, @Nullable String key) {
		Map<String, String> body = new LinkedHashMap<>(Map.of("action", action));
		if (key != null) {
			body.put("key", key);
		}
		return answer(job, "/" + encoded(job), JSON.writeValueAsString(body));
	}

	private JsonNode answer(String job, String path, @Nullable String body) {
		String service = serviceOf(job);
		return ask(service, path, body).orElseThrow(() -> new LocalSystemException(
				"No instance of %s answers about jobs. Is one healthy? ./dev status tells.".formatted(service)));
	}

	private String serviceOf(String job) {
		List<String> known = new ArrayList<>();
		for (Map.Entry<String, JsonNode> jobs : all().entrySet()) {
			for (JsonNode candidate : jobs.getValue()) {
				String name = candidate.path("name").asString("");
				if (name.equals(job)) {
					return jobs.getKey();
				}
				known.add(name);
			}
		}
		throw new LocalSystemException("There is no job %s. There are: %s.".formatted(job,
				known.isEmpty() ? "none; is the system up? ./dev status tells" : String.join(", ", known)));
	}

	private Optional<JsonNode> ask(String service, String path, @Nullable String body) {
		String perhapsDone = "";
		for (URI instance : instances.getOrDefault(service, List.of())) {
			try {
				HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(instance + "/actuator/jobs" + path))
					.timeout(TIMEOUT)
					.header("Content-Type", "application/json");
				HttpResponse<String> response = client.send(
						((body != null) ? request.POST(BodyPublishers.ofString(body)) : request).build(),
						BodyHandlers.ofString(StandardCharsets.UTF_8));
				if (response.statusCode() == BAD_REQUEST) {
					throw new LocalSystemException(reason(response.body()) + perhapsDone);
				}
				if (response.statusCode() == OK) {
					return Optional.of(JSON.readTree(response.body()));
				}
			}
			catch (IOException | JacksonException ex) {
				// The next instance may do better.
				perhapsDone = " An instance that did not answer may have done it: see its history.";
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new LocalSystemException("Interrupted while " + service + " was asked.", ex);
			}
		}
		return Optional.empty();
	}

	private static String reason(String body) {
		JsonNode document = JSON.readTree(body);
		String detail = document.path("detail").asString(document.path("message").asString(""));
		return detail.isEmpty() ? "The service refuses: " + body : detail;
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

}
