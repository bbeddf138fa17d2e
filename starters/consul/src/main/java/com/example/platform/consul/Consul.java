package com.example.platform.consul;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import org.jspecify.annotations.Nullable;

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
	 * Reads a path.
	 * @param path path and query, such as {@code /v1/kv/greeting?raw}
	 * @return the answer; absent content (404) is an answer without a body. Fails with
	 * {@link ConsulException} when the agent refuses, with {@link java.io.IOException}
	 * when it cannot be reached.
	 */
	public CompletableFuture<Answer> get(String path) {
		return get(path, TIMEOUT);
	}

	/**
	 * Writes to a path.
	 * @param path path and query, such as {@code /v1/kv/greeting}
	 * @param body what to write
	 * @return completes when the agent has accepted; fails as {@link #get} does
	 */
	public CompletableFuture<Answer> put(String path, String body) {
		return send(request(path, TIMEOUT).PUT(BodyPublishers.ofString(body)).build());
	}

	/**
	 * Deletes a path.
	 * @param path path and query, such as {@code /v1/kv/greeting}
	 * @return completes when the agent has accepted; fails as {@link #get} does
	 */
	public CompletableFuture<Answer> delete(String path) {
		return send(request(path, TIMEOUT).DELETE().build());
	}

	/**
	 * Watches a path by <a href=
	 * "https://developer.hashicorp.com/consul/api-docs/features/blocking">blocking
	 * queries</a>: the listener gets what stands there now, and again after every change,
	 * until the watch is closed. While the agent is away the listener hears nothing, and
	 * the watch tries again with growing, randomised pauses.
	 * @param path path and query of a resource that supports blocking queries
	 * @param listener called on the watch thread
	 * @return the running watch
	 */
	public BlockingQuery watch(String path, WatchListener listener) {
		BlockingQuery query = new BlockingQuery(this::get, path, listener, watchThread, new BackOff());
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

	private CompletableFuture<Answer> get(String path, Duration timeout) {
		return send(request(path, timeout).GET().build());
	}

	private HttpRequest.Builder request(String path, Duration timeout) {
		HttpRequest.Builder request = HttpRequest.newBuilder(agent.resolve(path)).timeout(timeout);
		return (token != null) ? request.header("X-Consul-Token", token) : request;
	}

	private CompletableFuture<Answer> send(HttpRequest request) {
		CompletableFuture<HttpResponse<String>> exchange = http.sendAsync(request, BODY);
		CompletableFuture<Answer> answer = exchange.thenApply((response) -> answer(request, response));
		// Of the two, only the client's own gives the connection free.
		var unused = answer.whenComplete((done, failure) -> exchange.cancel(true));
		return answer;
	}

	private static Answer answer(HttpRequest request, HttpResponse<String> response) {
		int status = response.statusCode();
		long index = response.headers().firstValueAsLong("X-Consul-Index").orElse(0);
		if (status == 404 && request.method().equals("GET")) {
			return new Answer(index, null, false);
		}
		if (status != 200) {
			throw new ConsulException(status,
					request.method() + " " + request.uri() + ": HTTP " + status + " " + response.body().strip());
		}
		return new Answer(index, response.body(), false);
	}

	/**
	 * What the agent answered.
	 *
	 * @param index Consul's index of the resource, which grows with every change; 0 when
	 * the agent names none
	 * @param body the content; {@code null} when there is none at this path
	 * @param afterOutage whether a watch had lost the agent before this answer, or the
	 * agent has gone back to an earlier state, as it does when a snapshot is restored;
	 * what is missing now may only not have come back yet
	 */
	public record Answer(long index, @Nullable String body, boolean afterOutage) {
	}

}
