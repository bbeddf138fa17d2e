package com.example.user.account;

import java.time.Instant;

import com.example.contracts.user.v1.CheckEligibilityRequest;
import com.example.contracts.user.v1.CheckEligibilityResponse;
import com.example.contracts.user.v1.GetUserRequest;
import com.example.contracts.user.v1.GetUserResponse;
import com.example.contracts.user.v1.UserServiceGrpc;
import com.example.platform.grpc.server.Blocking;
import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;

import org.springframework.grpc.server.service.GrpcService;

/**
 * Users over gRPC, as {@code user/v1/user.proto} says.
 */
@Blocking
@GrpcService
class UserGrpcService extends UserServiceGrpc.UserServiceImplBase {

	private final UserAccounts accounts;

	UserGrpcService(UserAccounts accounts) {
		this.accounts = accounts;
	}

	@Override
	public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> responses) {
		User user = accounts.get(request.getUserId());
		responses.onNext(GetUserResponse.newBuilder().setUser(message(user)).build());
		responses.onCompleted();
	}

	@Override
	public void checkEligibility(CheckEligibilityRequest request, StreamObserver<CheckEligibilityResponse> responses) {
		CheckEligibilityResponse.Eligibility eligibility = switch (accounts.eligibility(request.getUserId())) {
			case ELIGIBLE -> CheckEligibilityResponse.Eligibility.ELIGIBILITY_ELIGIBLE;
			case UNKNOWN_USER -> CheckEligibilityResponse.Eligibility.ELIGIBILITY_UNKNOWN_USER;
			case BLOCKED -> CheckEligibilityResponse.Eligibility.ELIGIBILITY_BLOCKED;
		};
		responses.onNext(CheckEligibilityResponse.newBuilder().setEligibility(eligibility).build());
		responses.onCompleted();
	}

	private static com.example.contracts.user.v1.User message(User user) {
		Instant createdAt = user.createdAt();
		return com.example.contracts.user.v1.User.newBuilder()
			.setId(user.id())
			.setName(user.name())
			.setEmail(user.email())
			.setStatus(switch (user.status()) {
				case ACTIVE -> com.example.contracts.user.v1.UserStatus.USER_STATUS_ACTIVE;
				case BLOCKED -> com.example.contracts.user.v1.UserStatus.USER_STATUS_BLOCKED;
			})
			.setCreatedAt(Timestamp.newBuilder().setSeconds(createdAt.getEpochSecond()).setNanos(createdAt.getNano()))
			.build();
	}

}
