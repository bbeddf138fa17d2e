package com.example.order.placing;

import com.example.contracts.order.v1.CancelOrderRequest;
import com.example.contracts.order.v1.CancelOrderResponse;
import com.example.contracts.order.v1.GetOrderRequest;
import com.example.contracts.order.v1.GetOrderResponse;
import com.example.contracts.order.v1.PayOrderRequest;
import com.example.contracts.order.v1.PayOrderResponse;
import com.example.contracts.order.v1.PlaceOrderRequest;
import com.example.contracts.order.v1.PlaceOrderResponse;
import com.example.contracts.order.v1.PlaceOrdersResponse;
import com.example.contracts.order.v1.PlacingServiceGrpc;
import com.example.order.GrpcOpenCall;
import com.example.platform.grpc.OpenStreams;
import com.example.platform.grpc.server.Blocking;
import io.grpc.stub.StreamObserver;

import org.springframework.grpc.server.service.GrpcService;

/**
 * Orders over gRPC, as {@code order/v1/placing.proto} says.
 */
@Blocking
@GrpcService
class PlacingGrpcService extends PlacingServiceGrpc.PlacingServiceImplBase {

	private final Orders orders;

	private final OpenStreams openStreams;

	PlacingGrpcService(Orders orders, OpenStreams openStreams) {
		this.orders = orders;
		this.openStreams = openStreams;
	}

	@Override
	public void placeOrder(PlaceOrderRequest request, StreamObserver<PlaceOrderResponse> responses) {
		Placement placement = place(request);
		responses.onNext(PlaceOrderResponse.newBuilder()
			.setOrder(GrpcOrders.message(placement.order()))
			.setCreated(placement.created())
			.build());
		responses.onCompleted();
	}

	@Override
	public StreamObserver<PlaceOrderRequest> placeOrders(StreamObserver<PlaceOrdersResponse> responses) {
		return new Placements(responses);
	}

	@Override
	public void getOrder(GetOrderRequest request, StreamObserver<GetOrderResponse> responses) {
		Order order = orders.get(GrpcOrders.id(request.getOrderId()));
		responses.onNext(GetOrderResponse.newBuilder().setOrder(GrpcOrders.message(order)).build());
		responses.onCompleted();
	}

	@Override
	public void payOrder(PayOrderRequest request, StreamObserver<PayOrderResponse> responses) {
		Order order = orders.pay(GrpcOrders.id(request.getOrderId()));
		responses.onNext(PayOrderResponse.newBuilder().setOrder(GrpcOrders.message(order)).build());
		responses.onCompleted();
	}

	@Override
	public void cancelOrder(CancelOrderRequest request, StreamObserver<CancelOrderResponse> responses) {
		Order order = orders.cancel(GrpcOrders.id(request.getOrderId()));
		responses.onNext(CancelOrderResponse.newBuilder().setOrder(GrpcOrders.message(order)).build());
		responses.onCompleted();
	}

	private Placement place(PlaceOrderRequest request) {
		return orders.place(request.getIdempotencyKey(),
				new NewOrder(request.getUserId(), GrpcOrders.lines(request.getLinesList())));
	}

	/**
	 * One caller that places order after order. Nothing of them is held, so that a stream
	 * may be as long as it likes. Called by one thread at a time.
	 */
	private final class Placements implements StreamObserver<PlaceOrderRequest> {

		private final GrpcOpenCall<PlaceOrdersResponse> call;

		private int placed;

		private int created;

		private Placements(StreamObserver<PlaceOrdersResponse> responses) {
			call = new GrpcOpenCall<>(responses, openStreams);
		}

		@Override
		public void onNext(PlaceOrderRequest request) {
			call.unlessEnded(() -> placeNext(request));
		}

		@Override
		public void onError(Throwable cancellation) {
			call.abandon();
		}

		@Override
		public void onCompleted() {
			call.send(PlaceOrdersResponse.newBuilder().setPlaced(placed).setCreated(created).build());
			call.complete();
		}

		private void placeNext(PlaceOrderRequest request) {
			try {
				created += place(request).created() ? 1 : 0;
				placed++;
			}
			catch (RuntimeException ex) {
				OrderRefusedException refusal = GrpcOrderErrors.refusal(ex);
				call.fail((refusal != null) ? refusal.at("[" + placed + "].") : ex);
			}
		}

	}

}
