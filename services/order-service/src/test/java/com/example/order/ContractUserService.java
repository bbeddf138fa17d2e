package com.example.order;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.contracts.user.v1.CheckEligibilityRequest;
import com.example.contracts.user.v1.CheckEligibilityResponse;
import com.example.contracts.user.v1.CheckEligibilityResponse.Eligibility;
import com.example.contracts.user.v1.UserServiceGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

/**
 * A gRPC server that answers as user-service's contract says: user {@value #BLOCKED} is
 * blocked, those from {@value #UNKNOWN} on are unknown, the others may order.
 */
final class ContractUserService extends UserServiceGrpc.UserServiceImplBase {

	static final long BLOCKED = 666;

	static final long UNKNOWN = 1_000_000;

	private final AtomicInteger failures = new AtomicInteger();

	private volatile Status.Code failure = Status.Code.UNAVAILABLE;

	private volatile boolean hangs;

	private final AtomicInteger calls = new AtomicInteger();

	private final Server server;

	ContractUserService() {
		try {
			server = NettyServerBuilder.forPort(0).addService(this).build().start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return server.getPort();
	}

	/**
	 * Has the next calls fail with {@code UNAVAILABLE}, and counts calls from zero.
	 */
	void failNext(int count) {
		failNext(count, Status.Code.UNAVAILABLE);
	}

	/** The same with another status. */
	void failNext(int count, Status.Code code) {
		failure = code;
		hangs = false;
		failures.set(count);
		calls.set(0);
	}

	/** Answers no call until told something else. */
	void hang() {
		hangs = true;
	}

	int calls() {
		return calls.get();
	}

	@Override
	public void checkEligibility(CheckEligibilityRequest request, StreamObserver<CheckEligibilityResponse> responses) {
		calls.incrementAndGet();
		if (hangs) {
			return;
		}
		if (failures.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
			responses.onError(failure.toStatus().asException());
			return;
		}
		responses
			.onNext(CheckEligibilityResponse.newBuilder().setEligibility(eligibility(request.getUserId())).build());
		responses.onCompleted();
	}

	private static Eligibility eligibility(long userId) {
		if (userId == BLOCKED) {
			return Eligibility.ELIGIBILITY_BLOCKED;
		}
		return (userId >= UNKNOWN) ? Eligibility.ELIGIBILITY_UNKNOWN_USER : Eligibility.ELIGIBILITY_ELIGIBLE;
	}

}
