package com.example.user.account;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import com.example.contracts.user.v1.CheckEligibilityRequest;
import com.example.contracts.user.v1.CheckEligibilityResponse;
import com.example.contracts.user.v1.GetUserRequest;
import com.example.contracts.user.v1.GetUserResponse;
import com.example.contracts.user.v1.ImportUsersRequest;
import com.example.contracts.user.v1.ImportUsersResponse;
import com.example.contracts.user.v1.ListUsersRequest;
import com.example.contracts.user.v1.ListUsersResponse;
import com.example.contracts.user.v1.UserServiceGrpc;
import com.example.platform.grpc.GrpcErrors;
import com.example.platform.grpc.server.Blocking;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

import org.springframework.grpc.server.service.GrpcService;

/**
 * Users over gRPC, as {@code user/v1/user.proto} says.
 */
@Blocking
@GrpcService
class UserGrpcService extends UserServiceGrpc.UserServiceImplBase {

	private static final int CHUNK = 100;

	private final UserAccounts accounts;

	UserGrpcService(UserAccounts accounts) {
		this.accounts = accounts;
	}

	@Override
	public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> responses) {
		User user = accounts.get(request.getUserId());
		responses.onNext(GetUserResponse.newBuilder().setUser(GrpcUsers.message(user)).build());
		responses.onCompleted();
	}

	@Override
	public void checkEligibility(CheckEligibilityRequest request, StreamObserver<CheckEligibilityResponse> responses) {
		Eligibility eligibility = accounts.eligibility(request.getUserId());
		responses.onNext(CheckEligibilityResponse.newBuilder().setEligibility(GrpcUsers.message(eligibility)).build());
		responses.onCompleted();
	}

	@Override
	public void listUsers(ListUsersRequest request, StreamObserver<ListUsersResponse> responses) {
		if (request.getStatus() == com.example.contracts.user.v1.UserStatus.UNRECOGNIZED) {
			responses.onError(GrpcErrors.of(Code.INVALID_ARGUMENT, "status", "is not known here"));
			return;
		}
		new Listing(GrpcUsers.status(request.getStatus()), request.getAfterId(),
				(ServerCallStreamObserver<ListUsersResponse>) responses)
			.start();
	}

	@Override
	public StreamObserver<ImportUsersRequest> importUsers(StreamObserver<ImportUsersResponse> responses) {
		return new Import(responses);
	}

	/**
	 * One stream of users, read in chunks no faster than the caller takes them.
	 */
	private final class Listing {

		private final @Nullable UserStatus status;

		private final ServerCallStreamObserver<ListUsersResponse> call;

		private final Queue<User> chunk = new ArrayDeque<>();

		private long lastId;

		private boolean completed;

		private Listing(@Nullable UserStatus status, long afterId, ServerCallStreamObserver<ListUsersResponse> call) {
			this.status = status;
			this.call = call;
			lastId = afterId;
		}

		private void start() {
			call.setOnReadyHandler(this::send);
		}

		// Called by gRPC whenever the caller takes more, never by two threads at once.
		private void send() {
			while (!completed && call.isReady()) {
				if (chunk.isEmpty()) {
					chunk.addAll(accounts.list(status, lastId, CHUNK));
				}
				User user = chunk.poll();
				if (user == null) {
					completed = true;
					call.onCompleted();
				}
				else {
					lastId = user.id();
					call.onNext(ListUsersResponse.newBuilder().setUser(GrpcUsers.message(user)).build());
				}
			}
		}

	}

	/**
	 * One stream of users to import. Nothing is written before it is complete, so that a
	 * stream that breaks off leaves nothing.
	 */
	private final class Import implements StreamObserver<ImportUsersRequest> {

		private final StreamObserver<ImportUsersResponse> responses;

		private final List<NewUser> users = new ArrayList<>();

		private Import(StreamObserver<ImportUsersResponse> responses) {
			this.responses = responses;
		}

		@Override
		public void onNext(ImportUsersRequest request) {
			accounts.checkImport(users.size() + 1);
			users.add(new NewUser(request.getName(), request.getEmail()));
		}

		@Override
		public void onError(Throwable cancellation) {
			users.clear();
		}

		@Override
		public void onCompleted() {
			ImportUsersResponse.Builder response = ImportUsersResponse.newBuilder();
			accounts.createAll(users).forEach((user) -> response.addUserIds(user.id()));
			responses.onNext(response.setCreated(response.getUserIdsCount()).build());
			responses.onCompleted();
		}

	}

}
