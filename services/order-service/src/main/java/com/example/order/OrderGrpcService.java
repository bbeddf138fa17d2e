package com.example.order;

import java.util.concurrent.Executor;

import com.example.contracts.order.v1.CancelOrderRequest;
import com.example.contracts.order.v1.CancelOrderResponse;
import com.example.contracts.order.v1.ComposeOrderRequest;
import com.example.contracts.order.v1.ComposeOrderResponse;
import com.example.contracts.order.v1.GetOrderRequest;
import com.example.contracts.order.v1.GetOrderResponse;
import com.example.contracts.order.v1.OrderServiceGrpc;
import com.example.contracts.order.v1.PlaceOrderRequest;
import com.example.contracts.order.v1.PlaceOrderResponse;
import com.example.contracts.order.v1.WatchOrdersRequest;
import com.example.contracts.order.v1.WatchOrdersResponse;
import com.example.order.composing.OrderComposer;
import com.example.order.placing.NewOrder;
import com.example.order.placing.Order;
import com.example.order.placing.Orders;
import com.example.order.placing.Placement;
import com.example.order.watching.Cursor;
import com.example.order.watching.OrderEvents;
import com.example.platform.grpc.OpenStreams;
import com.example.platform.grpc.server.Blocking;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.grpc.server.service.GrpcService;

/**
 * Orders over gRPC, as {@code order/v1/order.proto} says.
 */
@Blocking
@GrpcService
class OrderGrpcService extends OrderServiceGrpc.OrderServiceImplBase {

	private final Orders orders;

	private final OrderEvents events;

	private final OrderComposer composer;

	private final OpenStreams openStreams;

	private final Executor background;

	OrderGrpcService(Orders orders, OrderEvents events, OrderComposer composer, OpenStreams openStreams,
			@Qualifier("applicationTaskExecutor") Executor background) {
		this.orders = orders;
		this.events = events;
		this.composer = composer;
		this.openStreams = openStreams;
		this.background = background;
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

	@Override
	public void watchOrders(WatchOrdersRequest request, StreamObserver<WatchOrdersResponse> responses) {
		Cursor after = request.getAfter().isEmpty() ? events.now() : Cursor.parse(request.getAfter());
		new GrpcWatch(events, after, request.getUserId(), (ServerCallStreamObserver<WatchOrdersResponse>) responses,
				background)
			.start(openStreams);
	}

	@Override
	public StreamObserver<ComposeOrderRequest> composeOrder(StreamObserver<ComposeOrderResponse> responses) {
		return new GrpcConversation(composer, (ServerCallStreamObserver<ComposeOrderResponse>) responses)
			.start(openStreams);
	}

}
