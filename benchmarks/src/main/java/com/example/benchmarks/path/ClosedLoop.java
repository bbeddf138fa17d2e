package com.example.benchmarks.path;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.google.protobuf.BytesValue;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * Callers of one method, each of which calls again as soon as it has been answered.
 */
final class ClosedLoop implements AutoCloseable {

	private final Channel channel;

	private final MethodDescriptor<BytesValue, BytesValue> method;

	private final BytesValue request;

	private final LongAdder answered = new LongAdder();

	private final List<Caller> callers;

	private final CountDownLatch ended;

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private volatile boolean stopped;

	/**
	 * Starts the callers.
	 * @param channel the channel that all of them share
	 * @param method what they call
	 * @param request what they send
	 * @param callers how many they are
	 */
	ClosedLoop(Channel channel, MethodDescriptor<BytesValue, BytesValue> method, BytesValue request, int callers) {
		this.channel = channel;
		this.method = method;
		this.request = request;
		this.ended = new CountDownLatch(callers);
		this.callers = Stream.generate(Caller::new).limit(callers).toList();
		this.callers.forEach(Caller::call);
	}

	/**
	 * Counts answers for a while.
	 * @param seconds how long
	 * @return calls answered a second
	 * @throws IllegalStateException if all callers failed
	 */
	double callsPerSecond(int seconds) throws InterruptedException {
		long before = answered.sum();
		long start = System.nanoTime();
		if (ended.await(seconds, TimeUnit.SECONDS)) {
			throw failed();
		}
		return (answered.sum() - before) * 1e9 / (System.nanoTime() - start);
	}

	/**
	 * Lets the calls under way end.
	 * @throws IllegalStateException if a call failed
	 */
	@Override
	public void close() throws InterruptedException {
		stopped = true;
		if (!ended.await(1, TimeUnit.MINUTES)) {
			throw new IllegalStateException("Calls of " + method.getFullMethodName() + " do not end");
		}
		if (failure.get() != null) {
			throw failed();
		}
	}

	/**
	 * Returns how long the calls took, once this has been closed.
	 * @param shares shares of the calls
	 * @return for each share, milliseconds that so many calls took at most
	 */
	double[] millis(double... shares) {
		long[] sorted = callers.stream().flatMapToLong((caller) -> caller.nanos.build()).sorted().toArray();
		return DoubleStream.of(shares).map((share) -> sorted[(int) (share * (sorted.length - 1))] / 1e6).toArray();
	}

	private IllegalStateException failed() {
		return new IllegalStateException("Calls of " + method.getFullMethodName() + " fail", failure.get());
	}

	private final class Caller implements StreamObserver<BytesValue> {

		// Answers of one caller come one after the other.
		private final LongStream.Builder nanos = LongStream.builder();

		private long startedAt;

		private void call() {
			startedAt = System.nanoTime();
			ClientCalls.asyncUnaryCall(channel.newCall(method, CallOptions.DEFAULT), request, this);
		}

		@Override
		public void onNext(BytesValue response) {
		}

		@Override
		public void onError(Throwable cause) {
			failure.compareAndSet(null, cause);
			ended.countDown();
		}

		@Override
		public void onCompleted() {
			answered.increment();
			nanos.add(System.nanoTime() - startedAt);
			if (stopped) {
				ended.countDown();
			}
			else {
				call();
			}
		}

	}

}
