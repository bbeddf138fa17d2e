package com.example.platform.consul;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;

/**
 * Client of a Consul agent's HTTP API, without blocking any thread while it waits. Each
 * request ends within bounded time, also when its answer stalls, and fails when the
 * answer is larger than 16 MB; cancelling what a method returns ends it at once.
 *
 * <p>
 * Safe for use by several threads. The answers of all {@linkplain #watch watches} are
 * delivered on one thread, one at a time: listeners hand long work over to a thread of
 * their own.
 */
public final class Consul implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	// Ten thousand instances of a service, as Consul lists them.
	private static final BodyHandler<String> BODY = BoundedBody.of(BodyHandlers.ofString(), Duration.ofSeconds(4),
			DataSize.ofMegabytes(16));

	// Unknown fields, and null for what is absent, are Consul's way.
	static final JsonMapper JSON = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
		.build();

	private final HttpClient http;

	private final ScheduledExecutorService watchThread;

	private final URI agent;

	private final @Nullable String token;

	/**
	 * Creates a client.
	 * @param agent the agent's address, such as {@code http://127.0.0.1:8500}
	 * @param token the ACL token sent with each request; {@code null} for none
	 */
	public Consul(URI agent, @Nullable String token) {
		this.agent = agent;
		this.token = token;
		this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
		this.watchThread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "consul-watch");
			thread.setDaemon(true);
			return thread;
		});
	}

	/**
	 * Creates a client of the agent that configuration names.
	 * @param scheme {@code http} or {@code https}; {@code null} for {@code http}
	 * @param host the agent's host
	 * @param port the agent's port
	 * @param token the ACL token sent with each request; {@code null} for none
	 * @return the client
	 */
	public static Consul of(@Nullable String scheme, String host, int port, @Nullable String token) {
		return new Consul(URI.create(((scheme != null) ? scheme : "http") + "://" + host + ":" + port), token);
	}

	/**
	 * Returns where the agent is.
	 * @return its address
	 */
	public URI agent() {
		return agent;
	}

	/**
	 * Returns the key-value store.
	 * @return reads, writes and watches it
	 */
	public KeyValueStore kv() {
		return new KeyValueStore(this);
	}

	/**
	 * Returns the catalog.
	 * @return reads and watches which services there are
	 */
	public Catalog catalog() {
		return new Catalog(this);
	}

	/**
	 * Returns the health of services.
	 * @return reads and watches their instances
	 */
	public Health health() {
		return new Health(this);
	}

	/**
	 * Returns the sessions.
	 * @return makes and ends them
	 */
	public Sessions sessions() {
		return new Sessions(this);
	}

	/**
	 * Returns what the agent itself keeps.
	 * @return registers instances and their checks
	 */
	public Agent local() {
		return new Agent(this);
	}

	/**
	 * Reads a path.
	 * @param path path and query, such as {@code /v1/agent/self}
	 * @return the body; empty for absent content (404). Fails with
	 * {@link ConsulException} when the agent refuses, with {@link java.io.IOException}
	 * when it cannot be reached.
	 */
	public CompletableFuture<Optional<String>> get(String path) {
		return get(path, (body) -> body);
	}

	/**
	 * Writes to a path.
	 * @param path path and query, such as {@code /v1/agent/service/register}
	 * @param body what to write
	 * @return the answer's body; fails as {@link #get} does
	 */
	public CompletableFuture<String> put(String path, String body) {
		return put(path, body, (answer) -> answer);
	}

	<T> CompletableFuture<T> get(String path, Function<Optional<String>, T> read) {
		return send(request(path, TIMEOUT).GET().build(), (answer) -> read.apply(answer.body));
	}

	<T> CompletableFuture<T> put(String path, String body, Function<String, T> read) {
		return send(request(path, TIMEOUT).PUT(BodyPublishers.ofString(body)).build(),
				(answer) -> read.apply(answer.body.orElseThrow()));
	}

	CompletableFuture<?> delete(String path) {
		return send(request(path, TIMEOUT).DELETE().build(), Function.identity());
	}

	/**
	 * Watches a path by <a href=
	 * "https://developer.hashicorp.com/consul/api-docs/features/blocking">blocking
	 * queries</a>: the listener gets what stands there now, and again after every change,
	 * until the watch is closed. While the agent is away the listener hears nothing, and
	 * the watch tries again with growing, randomised pauses.
	 * @param path path and query of a resource that supports blocking queries
	 * @param read reads the body; where it throws, the listener counts as one that did
	 * @param listener called on the watch thread
	 * @return the running watch
	 */
	<T> BlockingQuery watch(String path, Function<Optional<String>, T> read, WatchListener<T> listener) {
		BlockingQuery query = new BlockingQuery(
				(asked, timeout) -> send(request(asked, timeout).GET().build(), Function.identity()), path,
				new Reading<>(read, listener), watchThread, new BackOff());
		query.start();
		return query;
	}

	/**
	 * Stops all watches.
	 */
	@Override
	public void close() {
		watchThread.shutdownNow();
	}

	private HttpRequest.Builder request(String path, Duration timeout) {
		HttpRequest.Builder request = HttpRequest.newBuilder(agent.resolve(path)).timeout(timeout);
		return (token != null) ? request.header("X-Consul-Token", token) : request;
	}

	private <T> CompletableFuture<T> send(HttpRequest request, Function<Answer<Optional<String>>, T> read) {
		CompletableFuture<HttpResponse<String>> exchange = http.sendAsync(request, BODY);
		CompletableFuture<T> result = exchange.thenApply((response) -> read.apply(answer(request, response)));
		// Of the two, only the client's own gives the connection free.
		var unused = result.whenComplete((done, failure) -> exchange.cancel(true));
		return result;
	}

	private static Answer<Optional<String>> answer(HttpRequest request, HttpResponse<String> response) {
		int status = response.statusCode();
		long index = response.headers().firstValueAsLong("X-Consul-Index").orElse(0);
		if (status == 404 && request.method().equals("GET")) {
			return new Answer<>(index, Optional.empty(), false);
		}
		if (status != 200) {
			throw new ConsulException(status,
					request.method() + " " + request.uri() + ": HTTP " + status + " " + response.body().strip());
		}
		return new Answer<>(index, Optional.of(response.body()), false);
	}

	static <T> List<T> read(String body, Class<T[]> type) {
		T[] list = JSON.readValue(body, type);
		if (list == null) {
			throw new IllegalArgumentException("Consul's answer is no list");
		}
		return List.of(list);
	}

	/**
	 * Writes an expression for the {@code filter} parameter, ready for a query.
	 */
	static String isEqual(String field, String value) {
		return URLEncoder.encode(field + " == \"" + value + "\"", StandardCharsets.UTF_8);
	}

	/**
	 * What the agent answered to a watch.
	 *
	 * @param <T> type of the content
	 * @param index Consul's index of the resource, which grows with every change; 0 when
	 * the agent names none
	 * @param body the content
	 * @param afterOutage whether a watch had lost the agent before this answer, or the
	 * agent has gone back to an earlier state, as it does when a snapshot is restored;
	 * what is missing now may only not have come back yet
	 */
	public record Answer<T>(long index, T body, boolean afterOutage) {
	}

	private record Reading<T>(Function<Optional<String>, T> read,
			WatchListener<T> listener) implements WatchListener<Optional<String>> {

		@Override
		public void changed(Answer<Optional<String>> answer) {
			listener.changed(new Answer<>(answer.index, read.apply(answer.body), answer.afterOutage));
		}

		@Override
		public void confirmed() {
			listener.confirmed();
		}

		@Override
		public void lost() {
			listener.lost();
		}

	}

}
