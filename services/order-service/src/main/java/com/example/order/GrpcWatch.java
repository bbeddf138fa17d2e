package com.example.order;

import java.util.ArrayDeque;
import java.util.Queue;

import com.example.contracts.order.v1.WatchOrdersResponse;
import com.example.order.watching.Cursor;
import com.example.order.watching.OrderEvent;
import com.example.order.watching.OrderEvents;
import com.example.platform.grpc.OpenStreams;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * One caller that watches orders. Events are read no faster than the caller takes them,
 * so that a slow caller costs no memory. Thread-safe.
 */
final class GrpcWatch {

	private static final int CHUNK = 100;

	private final OrderEvents events;

	private final long userId;

	private final ServerCallStreamObserver<WatchOrdersResponse> call;

	private final Queue<OrderEvent> chunk = new ArrayDeque<>();

	private Cursor last;

	private boolean ended;

	private Runnable release = () -> {
	};

	GrpcWatch(OrderEvents events, Cursor after, long userId, ServerCallStreamObserver<WatchOrdersResponse> call) {
		this.events = events;
		this.userId = userId;
		this.call = call;
		last = after;
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

	private synchronized void send() {
		try {
			while (!ended && call.isReady()) {
				if (chunk.isEmpty()) {
					chunk.addAll(events.after(last, userId, CHUNK));
				}
				OrderEvent event = chunk.poll();
				if (event == null) {
					return;
				}
				last = event.cursor();
				call.onNext(GrpcOrders.message(event));
			}
		}
		catch (RuntimeException ex) {
			fail(ex);
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
