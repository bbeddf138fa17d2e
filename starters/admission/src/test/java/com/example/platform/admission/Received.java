package com.example.platform.admission;

import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.stub.StreamObserver;

/**
 * Counts the messages that reach a handler.
 */
final class Received {

	private final AtomicInteger messages = new AtomicInteger();

	int messages() {
		return messages.get();
	}

	void message() {
		messages.incrementAndGet();
	}

	StreamObserver<byte[]> stream(StreamObserver<byte[]> answers) {
		return new StreamObserver<>() {

			@Override
			public void onNext(byte[] message) {
				message();
			}

			@Override
			public void onError(Throwable failure) {
				// The client is gone.
			}

			@Override
			public void onCompleted() {
				answers.onNext(new byte[0]);
				answers.onCompleted();
			}

		};
	}

}
