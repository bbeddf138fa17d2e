package com.example.order.composing;

import com.example.contracts.order.v1.ComposeOrderRequest;
import com.example.contracts.order.v1.ComposeOrderResponse;
import com.example.contracts.order.v1.ComposingServiceGrpc;
import com.example.order.GrpcOpenCall;
import com.example.order.placing.GrpcOrderErrors;
import com.example.order.placing.GrpcOrders;
import com.example.order.placing.NewOrder;
import com.example.order.placing.Order;
import com.example.order.placing.OrderRefusedException;
import com.example.platform.grpc.GrpcErrors;
import com.example.platform.grpc.OpenStreams;
import com.example.platform.grpc.server.Blocking;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

import org.springframework.grpc.server.service.GrpcService;

import static com.example.order.placing.OrderRefusedException.Reason.INVALID;
import static com.example.order.placing.OrderRefusedException.Reason.KEY_REUSED;

/**
 * Composing over gRPC, as {@code order/v1/composing.proto} says.
 */
@Blocking
@GrpcService
class ComposingGrpcService extends ComposingServiceGrpc.ComposingServiceImplBase {

	private final OrderComposer composer;

	private final OpenStreams openStreams;

	ComposingGrpcService(OrderComposer composer, OpenStreams openStreams) {
		this.composer = composer;
		this.openStreams = openStreams;
	}

	@Override
	public StreamObserver<ComposeOrderRequest> composeOrder(StreamObserver<ComposeOrderResponse> responses) {
		return new Conversation((ServerCallStreamObserver<ComposeOrderResponse>) responses).start();
	}

	private ComposeOrderResponse.Draft message(NewOrder draft) {
		ComposeOrderResponse.Draft.Builder message = ComposeOrderResponse.Draft.newBuilder()
			.setUserId(draft.userId())
			.addAllLines(GrpcOrders.messages(draft.lines()));
		composer.total(draft).ifPresent((total) -> message.setTotal(GrpcOrders.message(total)));
		return message.build();
	}

	/**
	 * One caller that composes an order. Messages are taken one at a time, the next when
	 * the caller has room for the answer. Called by one thread at a time.
	 */
	private final class Conversation implements StreamObserver<ComposeOrderRequest> {

		private final ServerCallStreamObserver<ComposeOrderResponse> responses;

		private final GrpcOpenCall<ComposeOrderResponse> call;

		private @Nullable NewOrder draft;

		private boolean awaited;

		private Conversation(ServerCallStreamObserver<ComposeOrderResponse> responses) {
			this.responses = responses;
			call = new GrpcOpenCall<>(responses, openStreams);
		}

		private Conversation start() {
			responses.disableAutoRequest();
			responses.setOnReadyHandler(this::takeNext);
			return this;
		}

		@Override
		public void onNext(ComposeOrderRequest request) {
			awaited = false;
			call.unlessEnded(() -> answerOrRefuse(request));
			takeNext();
		}

		@Override
		public void onError(Throwable cancellation) {
			call.abandon();
		}

		@Override
		public void onCompleted() {
			call.complete();
		}

		private void answerOrRefuse(ComposeOrderRequest request) {
			try {
				answer(request);
			}
			catch (RuntimeException ex) {
				OrderRefusedException refusal = GrpcOrderErrors.refusal(ex);
				if (refusal == null || refusal.reason() == KEY_REUSED) {
					call.fail(ex);
				}
				else {
					refuse(refusal);
				}
			}
		}

		private void answer(ComposeOrderRequest request) {
			switch (request.getActionCase()) {
				case START -> {
					if (draft != null) {
						throw new OrderRefusedException(INVALID, "start", "may not come again");
					}
					show(composer.start(request.getStart().getUserId()));
				}
				case PUT_LINE -> show(composer.put(started(), GrpcOrders.line(request.getPutLine().getLine())));
				case REMOVE_LINE -> show(composer.remove(started(), request.getRemoveLine().getSku()));
				case PLACE -> placed(composer.place(started(), request.getPlace().getIdempotencyKey()));
				case ACTION_NOT_SET ->
					throw new OrderRefusedException(INVALID, "action", "is missing or not known here");
			}
		}

		private NewOrder started() {
			if (draft == null) {
				throw new OrderRefusedException(INVALID, "start", "must come first");
			}
			return draft;
		}

		private void show(NewOrder changed) {
			draft = changed;
			call.send(ComposeOrderResponse.newBuilder().setDraft(message(changed)).build());
		}

		private void refuse(OrderRefusedException ex) {
			call.send(ComposeOrderResponse.newBuilder()
				.setRefusal(ComposeOrderResponse.Refusal.newBuilder()
					.setField(GrpcErrors.protoName(ex.field()))
					.setReason(ex.getMessage()))
				.build());
		}

		private void placed(Order order) {
			call.send(ComposeOrderResponse.newBuilder().setPlaced(GrpcOrders.message(order)).build());
			call.complete();
		}

		private void takeNext() {
			if (!call.isEnded() && !awaited && responses.isReady()) {
				awaited = true;
				responses.request(1);
			}
		}

	}

}
