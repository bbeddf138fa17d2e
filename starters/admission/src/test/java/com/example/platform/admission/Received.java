package com.example.platform.admission;

import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.stub.StreamObserver;

/**
 * Counts the messages of a stream.
 */
final class Received {

	private final AtomicInteger messages = new AtomicInteger();

	int messages() {
		return messages.get();
	}

	StreamObserver<byte[]> stream(StreamObserver<byte[]> answers) {
		return new StreamObserver<>() {

			@Override
			public void onNext(byte[] message) {
				messages.incrementAndGet();
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
