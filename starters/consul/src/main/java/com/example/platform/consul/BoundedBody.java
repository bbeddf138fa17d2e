package com.example.platform.consul;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Bounds the body of an HTTP answer in time and size, for calls of the JDK's client: its
 * {@linkplain java.net.http.HttpRequest.Builder#timeout request timeout} ends with the
 * headers, and a body that stalls after them is waited for without end. Together the two
 * bound the whole call. No thread waits for the bound; a call beyond it fails with an
 * {@link IOException}, and its connection is closed.
 */
public final class BoundedBody {

	private BoundedBody() {
	}

	/**
	 * Bounds what another handler reads.
	 * @param <T> type of the body
	 * @param handler reads the body; its own body handler may be used for any number of
	 * calls
	 * @param time how long the body may take, from the headers on to its last byte
	 * @param size how large the body may be, in bytes as they are sent
	 * @return the handler for the client
	 */
	public static <T> BodyHandler<T> of(BodyHandler<T> handler, Duration time, DataSize size) {
		return (head) -> new Bounded<>(head, handler.apply(head), time, size);
	}

	// The bound in time is noticed by another thread than the one that delivers.
	private static final class Bounded<T> implements BodySubscriber<T> {

		private final String status;

		private final BodySubscriber<T> body;

		private final DataSize size;

		private final CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();

		private long received;

		private boolean ended;

		private @Nullable Subscription subscription;

		private Bounded(ResponseInfo head, BodySubscriber<T> body, Duration time, DataSize size) {
			this.status = "The answer (HTTP " + head.statusCode() + ") ";
			this.body = body;
			this.size = size;
			var unused = timer.completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS)
				.thenRun(() -> fail(new HttpTimeoutException(
						status + "is not complete " + time.toMillis() + " ms after its headers")));
			if (head.headers().firstValueAsLong("Content-Length").orElse(0) > size.toBytes()) {
				failAsTooLarge();
			}
		}

		@Override
		public CompletionStage<T> getBody() {
			return body.getBody();
		}

		@Override
		public synchronized void onSubscribe(Subscription source) {
			subscription = source;
			if (ended) {
				source.cancel();
			}
			else {
				body.onSubscribe(source);
			}
		}

		@Override
		public synchronized void onNext(List<ByteBuffer> buffers) {
			if (ended) {
				return;
			}
			buffers.forEach((buffer) -> received += buffer.remaining());
			if (received > size.toBytes()) {
				failAsTooLarge();
			}
			else {
				body.onNext(buffers);
			}
		}

		@Override
		public synchronized void onError(Throwable failure) {
			if (end()) {
				body.onError(failure);
			}
		}

		@Override
		public synchronized void onComplete() {
			if (end()) {
				body.onComplete();
			}
		}

		private void failAsTooLarge() {
			fail(new IOException(status + "is larger than " + size.toKilobytes() + " KB"));
		}

		private synchronized void fail(IOException failure) {
			if (end()) {
				if (subscription != null) {
					subscription.cancel();
				}
				body.onError(failure);
			}
		}

		private boolean end() {
			boolean first = !ended;
			ended = true;
			timer.cancel(false);
			return first;
		}

	}

}
