package com.example.order;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * What a caller has received of a stream.
 *
 * @param <T> the messages
 */
final class Received<T> implements StreamObserver<T> {

	private final BlockingQueue<T> messages = new LinkedBlockingQueue<>();

	private final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();

	/**
	 * Waits for the next message.
	 */
	T next() throws InterruptedException {
		T message = messages.poll(10, TimeUnit.SECONDS);
		if (message == null) {
			throw new AssertionError("Nothing received in 10 s");
		}
		return message;
	}

	/**
	 * Returns the next message that is already there.
	 */
	@Nullable T peek() {
		return messages.peek();
	}

	/**
	 * Waits for the end of the stream.
	 */
	Status end() throws Exception {
		Throwable error = error();
		return (error != null) ? Status.fromThrowable(error) : Status.OK;
	}

	/**
	 * Waits for the end of the stream, and returns what it failed with.
	 */
	@Nullable Throwable error() throws Exception {
		try {
			return end.get(10, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			throw new AssertionError("No end in 10 s", ex);
		}
	}

	@Override
	public void onNext(T message) {
		messages.add(message);
	}

	@Override
	public void onError(Throwable error) {
		end.complete(error);
	}

	@Override
	public void onCompleted() {
		end.complete(null);
	}

}
