package com.example.order;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.contracts.order.v1.WatchOrdersResponse;
import com.example.order.watching.Cursor;
import com.example.order.watching.EventBatch;
import com.example.order.watching.OrderEvent;
import com.example.order.watching.OrderEvents;
import com.example.platform.grpc.OpenStreams;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * One caller that watches orders. Events are taken no faster than the caller takes them,
 * so that a slow caller costs one batch of memory and nobody's time. Thread-safe.
 */
final class GrpcWatch {

	private final OrderEvents events;

	private final long userId;

	private final ServerCallStreamObserver<WatchOrdersResponse> call;

	private final Executor background;

	/** How often it was asked to send since it last began; one thread sends at a time. */
	private final AtomicInteger asked = new AtomicInteger();

	private final Queue<OrderEvent> batch = new ArrayDeque<>();

	private Cursor batchEnd;

	private volatile boolean ended;

	private Runnable release = () -> {
	};

	/**
	 * Creates a watch.
	 * @param background reads from the database, for a caller that has fallen behind
	 */
	GrpcWatch(OrderEvents events, Cursor after, long userId, ServerCallStreamObserver<WatchOrdersResponse> call,
			Executor background) {
		this.events = events;
		this.userId = userId;
		this.call = call;
		this.background = background;
		batchEnd = after;
	}

	synchronized void start(OpenStreams openStreams) {
		call.setOnReadyHandler(this::send);
		call.setOnCancelHandler(this::cancelled);
		Runnable deaf = events.onNews(this::send);
		Runnable closed = openStreams.add(this::fail);
		release = () -> {
			deaf.run();
			closed.run();
		};
		if (ended) {
			release.run();
		}
	}

	/** Whoever asks while another thread sends has that one look once more. */
	private void send() {
		if (asked.getAndIncrement() == 0) {
			orFail(this::sendAll);
		}
	}

	private void orFail(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException ex) {
			fail(ex);
		}
	}

	private void sendAll() {
		int answered;
		do {
			answered = asked.get();
			while (!ended && call.isReady()) {
				if (batch.isEmpty()) {
					Optional<EventBatch> next = events.recent(batchEnd, userId);
					if (next.isEmpty()) {
						background.execute(() -> orFail(this::sendStored));
						return;
					}
					take(next.get());
				}
				OrderEvent event = batch.poll();
				if (event == null) {
					break;
				}
				send(event);
			}
		}
		while (!asked.compareAndSet(answered, 0));
	}

	private void sendStored() {
		take(events.stored(batchEnd, userId));
		sendAll();
	}

	private void take(EventBatch next) {
		batch.addAll(next.events());
		batchEnd = next.end();
	}

	private synchronized void send(OrderEvent event) {
		if (!ended) {
			call.onNext(GrpcOrders.message(event));
		}
	}

	private synchronized void fail(Exception reason) {
		if (!ended) {
			cancelled();
			call.onError(reason);
		}
	}

	private synchronized void cancelled() {
		ended = true;
		release.run();
	}

}
