package com.example.order.placing;

import com.example.contracts.order.v1.CancelOrderRequest;
import com.example.contracts.order.v1.CancelOrderResponse;
import com.example.contracts.order.v1.GetOrderRequest;
import com.example.contracts.order.v1.GetOrderResponse;
import com.example.contracts.order.v1.PlaceOrderRequest;
import com.example.contracts.order.v1.PlaceOrderResponse;
import com.example.contracts.order.v1.PlacingServiceGrpc;
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

	PlacingGrpcService(Orders orders) {
		this.orders = orders;
	}

	@Override
	public void placeOrder(PlaceOrderRequest request, StreamObserver<PlaceOrderResponse> responses) {
		Placement placement = orders.place(request.getIdempotencyKey(),
				new NewOrder(request.getUserId(), GrpcOrders.lines(request.getLinesList())));
		responses.onNext(PlaceOrderResponse.newBuilder()
			.setOrder(GrpcOrders.message(placement.order()))
			.setCreated(placement.created())
			.build());
		responses.onCompleted();
	}

	@Override
	public void getOrder(GetOrderRequest request, StreamObserver<GetOrderResponse> responses) {
		Order order = orders.get(GrpcOrders.id(request.getOrderId()));
		responses.onNext(GetOrderResponse.newBuilder().setOrder(GrpcOrders.message(order)).build());
		responses.onCompleted();
	}

	@Override
	public void cancelOrder(CancelOrderRequest request, StreamObserver<CancelOrderResponse> responses) {
		Order order = orders.cancel(GrpcOrders.id(request.getOrderId()));
		responses.onNext(CancelOrderResponse.newBuilder().setOrder(GrpcOrders.message(order)).build());
		responses.onCompleted();
	}

}
