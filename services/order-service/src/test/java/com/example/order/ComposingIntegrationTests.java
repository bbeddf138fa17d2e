package com.example.order;

import com.example.contracts.order.v1.ComposeOrderRequest;
import com.example.contracts.order.v1.ComposeOrderResponse;
import com.example.contracts.order.v1.ComposingServiceGrpc;
import com.example.contracts.order.v1.OrderLine;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

class ComposingIntegrationTests extends OrderServiceIntegrationTest {

	private final Received<ComposeOrderResponse> received = new Received<>();

	private StreamObserver<ComposeOrderRequest> conversation;

	ComposingIntegrationTests(GrpcServerLifecycle server, JdbcClient jdbc) {
		super(server, jdbc);
		conversation = ComposingServiceGrpc.newStub(channel).composeOrder(received);
	}

	@BeforeEach
	void nothingIsReceivedYet() {
		assertThat(received.peek()).isNull();
	}

	@Test
	void aConversationBuildsUpAnOrderAndPlacesIt() throws Exception {
		start(1);
		assertThat(received.next().getDraft().hasTotal()).isFalse();
		put(line("A", 1, 10));
		assertThat(received.next().getDraft().getTotal().getMinorUnits()).isEqualTo(10);
		put(line("B", 2, 20));
		assertThat(received.next().getDraft().getTotal().getMinorUnits()).isEqualTo(50);
		put(line("A", 3, 10));
		assertThat(received.next().getDraft().getLinesList()).containsExactly(line("A", 3, 10), line("B", 2, 20));
		remove("B");
		assertThat(received.next().getDraft().getTotal().getMinorUnits()).isEqualTo(30);
		place("key");
		assertThat(received.next().getPlaced().getTotal().getMinorUnits()).isEqualTo(30);
		assertThat(received.end().isOk()).isTrue();
		assertThat(orders.placeOrder(request(1, "key", line("A", 3, 10))).getCreated()).isFalse();
	}

	@Test
	void aRefusedChangeLeavesTheDraftAsItWas() throws Exception {
		start(1);
		received.next();
		put(line("A", 1, 10));
		received.next();
		put(line("B", 0, 10));
		assertThat(received.next().getRefusal().getField()).isEqualTo("quantity");
		put(line("B", 1001, 10));
		assertThat(received.next().getRefusal().getField()).isEqualTo("lines[1].quantity");
		remove("C");
		assertThat(received.next().getDraft().getLinesList()).containsExactly(line("A", 1, 10));
	}

	@Test
	void whatDoesNotBeginWithAStartIsRefused() throws Exception {
		put(line("A", 1, 10));
		assertThat(received.next().getRefusal().getField()).isEqualTo("start");
		conversation.onNext(ComposeOrderRequest.getDefaultInstance());
		assertThat(received.next().getRefusal().getField()).isEqualTo("action");
		start(0);
		assertThat(received.next().getRefusal().getField()).isEqualTo("user_id");
		start(1);
		assertThat(received.next().hasDraft()).isTrue();
		start(1);
		assertThat(received.next().getRefusal().getField()).isEqualTo("start");
	}

	@Test
	void whatCannotBePlacedCanBeCorrected() throws Exception {
		start(1);
		received.next();
		place("key");
		assertThat(received.next().getRefusal().getField()).isEqualTo("lines");
		put(line("A", 1, 10));
		received.next();
		place("");
		assertThat(received.next().getRefusal().getField()).isEqualTo("idempotency_key");
		place("key");
		assertThat(received.next().hasPlaced()).isTrue();
	}

	@Test
	void aKeyOfAnotherOrderEndsTheConversation() throws Exception {
		orders.placeOrder(request(1, "key", line("A", 1, 10)));
		start(1);
		put(line("B", 1, 10));
		place("key");
		assertThat(received.end().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
	}

	@Test
	void aConversationThatIsGivenUpLeavesNothing() throws Exception {
		start(1);
		put(line("A", 1, 10));
		received.next();
		received.next();
		conversation.onCompleted();
		assertThat(received.end().isOk()).isTrue();
		assertThat(count("orders")).isZero();
	}

	@Test
	void withoutUserServiceTheConversationEnds() throws Exception {
		USER_SERVICE.failNext(Integer.MAX_VALUE);
		start(1);
		put(line("A", 1, 10));
		place("key");
		assertThat(received.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(count("orders")).isZero();
	}

	private void start(long userId) {
		conversation.onNext(ComposeOrderRequest.newBuilder()
			.setStart(ComposeOrderRequest.Start.newBuilder().setUserId(userId))
			.build());
	}

	private void put(OrderLine line) {
		conversation.onNext(ComposeOrderRequest.newBuilder()
			.setPutLine(ComposeOrderRequest.PutLine.newBuilder().setLine(line))
			.build());
	}

	private void remove(String sku) {
		conversation.onNext(ComposeOrderRequest.newBuilder()
			.setRemoveLine(ComposeOrderRequest.RemoveLine.newBuilder().setSku(sku))
			.build());
	}

	private void place(String key) {
		conversation.onNext(ComposeOrderRequest.newBuilder()
			.setPlace(ComposeOrderRequest.Place.newBuilder().setIdempotencyKey(key))
			.build());
	}

}
