package com.example.benchmarks.propagation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;

import com.example.launcher.process.Await;

/**
 * What the Consul agent itself thinks of an instance, which is before anybody can have
 * heard of it.
 *
 * @param address the agent's address
 * @param http how it is asked
 */
record Agent(URI address, HttpClient http) {

	/**
	 * Waits until the agent answers for an instance with an HTTP status: 200 passing, 429
	 * warning, 503 critical, 404 unknown.
	 * @param id the instance
	 * @param timeout longest wait
	 * @param poll how often the agent is asked
	 * @param status what to wait for
	 * @return when it did not yet for the last time, in nanoseconds: at most a poll too
	 * early, so that no delay is told too short
	 * @throws IllegalStateException when it does not in time
	 */
	long await(String id, Duration timeout, Duration poll, IntPredicate status) {
		AtomicLong before = new AtomicLong(System.nanoTime());
		boolean inTime = Await.until(timeout, poll, () -> {
			long asked = System.nanoTime();
			boolean answered = status.test(status(id));
			if (!answered) {
				before.set(asked);
			}
			return answered;
		});
		if (!inTime) {
			throw new IllegalStateException("For " + id + " the agent still answers " + status(id));
		}
		return before.get();
	}

	private int status(String id) {
		URI uri = address.resolve("/v1/agent/health/service/id/" + id + "?format=text");
		try {
			return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for Consul", ex);
		}
	}

}
