package com.example.order.watching;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.contracts.order.v1.WatchOrdersRequest;
import com.example.contracts.order.v1.WatchOrdersResponse;
import com.example.contracts.order.v1.WatchingServiceGrpc;
import com.example.order.GrpcOpenCall;
import com.example.order.placing.GrpcOrders;
import com.example.platform.grpc.OpenStreams;
import com.example.platform.grpc.server.Blocking;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.grpc.server.service.GrpcService;

/**
 * Events of orders over gRPC, as {@code order/v1/watching.proto} says.
 */
@Blocking
@GrpcService
class WatchingGrpcService extends WatchingServiceGrpc.WatchingServiceImplBase {

	private final OrderEvents events;

	private final OpenStreams openStreams;

	private final Executor background;

	/**
	 * Creates the service.
	 * @param background reads from the database, for a caller that has fallen behind
	 */
	WatchingGrpcService(OrderEvents events, OpenStreams openStreams,
			@Qualifier("applicationTaskExecutor") Executor background) {
		this.events = events;
		this.openStreams = openStreams;
		this.background = background;
	}

	@Override
	public void watchOrders(WatchOrdersRequest request, StreamObserver<WatchOrdersResponse> responses) {
		Cursor after = request.getAfter().isEmpty() ? events.now() : Cursor.parse(request.getAfter());
		new Watch(after, request.getUserId(), (ServerCallStreamObserver<WatchOrdersResponse>) responses).start();
	}

	private static WatchOrdersResponse message(OrderEvent event) {
		return WatchOrdersResponse.newBuilder().setEvent(switch (event.status()) {
			case PLACED -> WatchOrdersResponse.Event.EVENT_PLACED;
			case PAID -> WatchOrdersResponse.Event.EVENT_PAID;
			case CANCELLED -> WatchOrdersResponse.Event.EVENT_CANCELLED;
			case EXPIRED -> WatchOrdersResponse.Event.EVENT_EXPIRED;
		})
			.setOrder(GrpcOrders.message(event.order()))
			.setCursor(event.cursor().toString())
			.setOccurredAt(GrpcOrders.message(event.occurredAt()))
			.build();
	}

	/**
	 * One caller that watches orders. Events are taken no faster than the caller takes
	 * them, so that a slow caller costs one batch of memory and nobody's time.
	 * Thread-safe.
	 */
	private final class Watch {

		private final long userId;

		private final ServerCallStreamObserver<WatchOrdersResponse> responses;

		private final GrpcOpenCall<WatchOrdersResponse> call;

		/**
		 * How often it was asked to send since it last began; one thread sends at a time.
		 */
		private final AtomicInteger asked = new AtomicInteger();

		private final Queue<OrderEvent> batch = new ArrayDeque<>();

		private Cursor batchEnd;

		private Watch(Cursor after, long userId, ServerCallStreamObserver<WatchOrdersResponse> responses) {
			this.userId = userId;
			this.responses = responses;
			call = new GrpcOpenCall<>(responses, openStreams);
			batchEnd = after;
		}

		private void start() {
			responses.setOnReadyHandler(this::send);
			call.onEnd(events.onNews(this::send));
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
				call.fail(ex);
			}
		}

		private void sendAll() {
			int answered;
			do {
				answered = asked.get();
				while (!call.isEnded() && responses.isReady()) {
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
					call.send(message(event));
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

	}

}
