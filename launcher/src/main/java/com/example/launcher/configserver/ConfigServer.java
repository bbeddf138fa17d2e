package com.example.launcher.configserver;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.example.launcher.process.LocalSystemException;
import com.example.platform.configprotocol.api.Contents;
import com.example.platform.configprotocol.api.Difference;
import com.example.platform.configprotocol.api.GrayRelease;
import com.example.platform.configprotocol.api.History;
import com.example.platform.configprotocol.api.Keys;
import com.example.platform.configprotocol.api.Overview;
import com.example.platform.configprotocol.api.Revision;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A running config server, here or elsewhere. Revisions may be named by an abbreviated
 * identifier, a branch or a tag. Every method throws {@link LocalSystemException} when
 * the server does not answer or refuses; then the message holds its words.
 */
public final class ConfigServer {

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	/** Long, because a roll-back may have to be pushed to a repository far away. */
	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

	private static final int FIRST_FAILURE = 300;

	private static final int UNAUTHORIZED = 401;

	/** A list or map that is not sent is an empty one. */
	private static final JsonMapper JSON = JsonMapper.builder()
		.withConfigOverride(List.class, (list) -> list.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
		.withConfigOverride(Map.class, (map) -> map.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
		.build();

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(CONNECT_TIMEOUT)
		.build();

	private final URI address;

	private final @Nullable String token;

	private final Duration timeout;

	/**
	 * A config server.
	 * @param address where it serves, with or without a path
	 * @param token what it asks for as a bearer token, {@code null} for nothing
	 */
	public ConfigServer(URI address, @Nullable String token) {
		this(address, token, ANSWER_TIMEOUT);
	}

	/**
	 * A config server.
	 * @param timeout how long a whole answer may take
	 */
	ConfigServer(URI address, @Nullable String token, Duration timeout) {
		this.address = address;
		this.token = token;
		this.timeout = timeout;
	}

	/** The newest revisions, at most the given number. */
	public History history(int limit) {
		return get("history?limit=" + limit, History.class);
	}

	/**
	 * What changes between two revisions.
	 * @param from the older one, {@code null} for the one released before the newer
	 * @param to the newer one, {@code null} for the current
	 * @param service service whose values are wanted, {@code null} for all
	 */
	public Difference difference(@Nullable String from, @Nullable String to, @Nullable String service) {
		return get("diff" + query(parameter("from", from) + parameter("to", to) + parameter("service", service)),
				Difference.class);
	}

	/**
	 * The files of a revision.
	 * @param service service that reads them, {@code null} for all files
	 */
	public Contents contents(String revision, @Nullable String service) {
		// A branch may have slashes in its name, which stay what they are.
		String path = encoded(revision).replace("+", "%20").replace("%2F", "/");
		return get("show/" + path + query(parameter("service", service)), Contents.class);
	}

	/** What is released and who runs on it. */
	public Overview overview() {
		return get("status", Overview.class);
	}

	/**
	 * The keys that services know.
	 * @param service service whose keys are wanted, {@code null} for all
	 */
	public Keys keys(@Nullable String service) {
		return get("keys" + query(parameter("service", service)), Keys.class);
	}

	/**
	 * Releases what an earlier revision holds.
	 * @param revision the earlier one, {@code null} for the one released before the
	 * current
	 * @return the released revision
	 */
	public Revision rollBack(@Nullable String revision, String author, @Nullable String message) {
		return revision(post("rollback", new RollBack(revision, author, message)));
	}

	/**
	 * Lets some instances get a revision before the others do.
	 * @param revision the revision, {@code null} for what is saved from now on
	 * @param percent share of the instances, {@code null} if labels choose them
	 * @param labels labels that choose instances, empty if the percentage does
	 */
	public GrayRelease startGray(@Nullable String revision, @Nullable Integer percent, Map<String, String> labels,
			String author, @Nullable String message) {
		return read(post("gray", new StartGray(revision, percent, labels, author, message)), GrayRelease.class);
	}

	/**
	 * Releases to all what some have.
	 * @return the released revision
	 */
	public Revision promote(String author, @Nullable String message) {
		return revision(post("promote", new Decision(author, message)));
	}

	/**
	 * Takes back from all what some have.
	 * @return the released revision
	 */
	public Revision abandon(String author, @Nullable String message) {
		return revision(post("abandon", new Decision(author, message)));
	}

	/** The text that stands for a secret in a file. */
	public String encrypt(String secret) {
		return send(request("encrypt").header("Content-Type", "text/plain; charset=utf-8")
			.POST(BodyPublishers.ofString(secret)));
	}

	private <T> T get(String path, Class<T> type) {
		return read(send(request(path).GET()), type);
	}

	private String post(String path, Record body) {
		return send(request(path).header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
	}

	private HttpRequest.Builder request(String path) {
		String base = address.toString().replaceFirst("/+$", "");
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/config/" + path));
		return (token != null) ? request.header("Authorization", "Bearer " + token) : request;
	}

	private String send(HttpRequest.Builder request) {
		CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request.build(),
				BodyHandlers.ofString(StandardCharsets.UTF_8));
		try {
			// The request's own timeout would end with the headers.
			HttpResponse<String> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
			if (response.statusCode() >= FIRST_FAILURE) {
				throw new LocalSystemException(problem(response));
			}
			return response.body();
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new LocalSystemException(
					"The config server at %s does not answer. Start the system with ./dev up, or name another server by --url."
						.formatted(address),
					ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LocalSystemException("Interrupted while the config server was asked.", ex);
		}
		finally {
			answer.cancel(true);
		}
	}

	private String problem(HttpResponse<String> response) {
		String detail = detail(response.body());
		if (!detail.isEmpty()) {
			return detail;
		}
		if (response.statusCode() == UNAUTHORIZED) {
			return "The config server at %s wants its token. Give it by --token or by PLATFORM_CONFIG_SERVER_TOKEN."
				.formatted(address);
		}
		return "The config server at %s refuses, with status %d and no reason. Its log may tell more."
			.formatted(address, response.statusCode());
	}

	/** The words of an RFC 9457 problem document, empty for anything else. */
	private static String detail(String body) {
		try {
			JsonNode document = JSON.readTree(body);
			return document.path("detail").asString("");
		}
		catch (JacksonException ex) {
			return "";
		}
	}

	private Revision revision(String answer) {
		Revision revision = read(answer, Decided.class).revision();
		if (revision == null) {
			throw unreadable("no revision", null);
		}
		return revision;
	}

	private <T> T read(String answer, Class<T> type) {
		try {
			T value = JSON.readValue(answer, type);
			if (value == null) {
				throw unreadable("null", null);
			}
			return value;
		}
		catch (JacksonException ex) {
			throw unreadable(ex.getOriginalMessage(), ex);
		}
	}

	private LocalSystemException unreadable(String cause, @Nullable Exception ex) {
		return new LocalSystemException(
				"What answers at %s is no config server of this version (%s). Check the address.".formatted(address,
						cause),
				ex);
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	private static String query(String parameters) {
		return parameters.isEmpty() ? "" : "?" + parameters.substring(1);
	}

	/** Parameter of an address, empty without a value. */
	private static String parameter(String name, @Nullable String value) {
		return (value != null) ? "&" + name + "=" + encoded(value) : "";
	}

	/** Body of a roll-back. */
	private record RollBack(@Nullable String revision, String author, @Nullable String message) {

	}

	/** Body that starts a gray release. */
	private record StartGray(@Nullable String revision, @Nullable Integer percent, Map<String, String> labels,
			String author, @Nullable String message) {

	}

	/** Body of a decision on a gray release. */
	private record Decision(String author, @Nullable String message) {

	}

	/** Answer to what changes the released revision. */
	private record Decided(@Nullable Revision revision) {

	}

}
