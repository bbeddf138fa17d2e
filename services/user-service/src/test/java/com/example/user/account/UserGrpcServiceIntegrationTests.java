package com.example.user.account;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.example.contracts.user.v1.CheckEligibilityRequest;
import com.example.contracts.user.v1.CheckEligibilityResponse;
import com.example.contracts.user.v1.GetUserRequest;
import com.example.contracts.user.v1.ImportUsersRequest;
import com.example.contracts.user.v1.ImportUsersResponse;
import com.example.contracts.user.v1.ListUsersRequest;
import com.example.contracts.user.v1.ListUsersResponse;
import com.example.contracts.user.v1.UserServiceGrpc;
import com.example.contracts.user.v1.UserStatus;
import com.example.platform.grpc.GrpcErrors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@UserServiceTest
class UserGrpcServiceIntegrationTests {

	private final ManagedChannel channel;

	private final UserServiceGrpc.UserServiceBlockingStub users;

	private final JdbcClient jdbc;

	UserGrpcServiceIntegrationTests(GrpcServerLifecycle server, JdbcClient jdbc) {
		channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
		users = UserServiceGrpc.newBlockingStub(channel);
		this.jdbc = jdbc;
	}

	@BeforeEach
	void deleteUsers() {
		jdbc.sql("delete from users").update();
	}

	@AfterEach
	void closeChannel() {
		channel.shutdownNow();
	}

	@Test
	void aUserIsReturnedById() {
		long id = importUsers("ada@example.com").join().getUserIds(0);
		var user = users.getUser(GetUserRequest.newBuilder().setUserId(id).build()).getUser();
		assertThat(user.getEmail()).isEqualTo("ada@example.com");
		assertThat(user.getStatus()).isEqualTo(UserStatus.USER_STATUS_ACTIVE);
		assertThat(user.getCreatedAt().getSeconds()).isPositive();
	}

	@Test
	void anUnknownUserIsNotFound() {
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class,
				() -> users.getUser(GetUserRequest.newBuilder().setUserId(-1).build()));
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
		assertThat(GrpcErrors.badFields(error)).containsEntry("user_id", "no user has the id -1");
	}

	@ParameterizedTest
	@CsvSource({ "ACTIVE, ELIGIBILITY_ELIGIBLE", "BLOCKED, ELIGIBILITY_BLOCKED" })
	void eligibilityFollowsTheStatus(String status, CheckEligibilityResponse.Eligibility eligibility) {
		long id = importUsers("ada@example.com").join().getUserIds(0);
		jdbc.sql("update users set status = :status").param("status", status).update();
		assertThat(eligibility(id)).isEqualTo(eligibility);
	}

	@Test
	void theEligibilityOfAnUnknownUserIsAnAnswer() {
		assertThat(eligibility(0)).isEqualTo(CheckEligibilityResponse.Eligibility.ELIGIBILITY_UNKNOWN_USER);
	}

	@Test
	void listingGoesThroughAllChunksInOrder() {
		List<Long> ids = importUsers(manyEmails(250)).join().getUserIdsList();
		assertThat(list(ListUsersRequest.getDefaultInstance())).isEqualTo(ids);
	}

	@Test
	void aBrokenListingIsResumedBehindTheLastId() {
		List<Long> ids = importUsers(manyEmails(5)).join().getUserIdsList();
		assertThat(list(ListUsersRequest.newBuilder().setAfterId(ids.get(2)).build())).isEqualTo(ids.subList(3, 5));
	}

	@Test
	void listingCanBeLimitedToAStatus() {
		List<Long> ids = importUsers(manyEmails(3)).join().getUserIdsList();
		jdbc.sql("update users set status = 'BLOCKED' where id = :id").param("id", ids.get(1)).update();
		assertThat(list(ListUsersRequest.newBuilder().setStatus(UserStatus.USER_STATUS_BLOCKED).build()))
			.containsExactly(ids.get(1));
	}

	@Test
	void listingAnUnknownStatusIsRefused() {
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class,
				() -> list(ListUsersRequest.newBuilder().setStatusValue(99).build()));
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
		assertThat(GrpcErrors.badFields(error)).containsKey("status");
	}

	@Test
	void anImportKeepsTheOrderOfTheStream() {
		ImportUsersResponse response = importUsers(manyEmails(3)).join();
		assertThat(response.getCreated()).isEqualTo(3);
		assertThat(response.getUserIdsList()).isSorted().hasSize(3);
	}

	@Test
	void anImportWithATakenEmailAddressKeepsNothing() {
		importUsers("taken@example.com").join();
		assertRefused(importUsers("new@example.com", "TAKEN@example.com"), Status.Code.ALREADY_EXISTS);
		assertThat(count()).isOne();
	}

	@Test
	void anImportWithAnEmailAddressTwiceKeepsNothing() {
		assertRefused(importUsers("a@example.com", "a@example.com"), Status.Code.ALREADY_EXISTS);
		assertThat(count()).isZero();
	}

	@Test
	void anImportOfABadUserNamesItsPositionAndField() {
		for (String email : List.of("not an address", "a\0@example.com", "a".repeat(250) + "@example.com")) {
			CompletionException error = assertRefused(importUsers("a@example.com", email),
					Status.Code.INVALID_ARGUMENT);
			assertThat(GrpcErrors.badFields(error)).containsOnlyKeys("[1].email");
		}
		assertThat(count()).isZero();
	}

	@Test
	void anImportLongerThanTheLimitIsRefused() {
		assertRefused(importUsers(manyEmails(301)), Status.Code.RESOURCE_EXHAUSTED);
		assertThat(count()).isZero();
	}

	@Test
	void aCancelledImportKeepsNothing() {
		CompletableFuture<ImportUsersResponse> response = new CompletableFuture<>();
		StreamObserver<ImportUsersRequest> stream = UserServiceGrpc.newStub(channel)
			.importUsers(new FutureObserver(response));
		stream.onNext(user("a@example.com"));
		stream.onError(Status.CANCELLED.asException());
		assertRefused(response, Status.Code.CANCELLED);
		assertThat(count()).isZero();
	}

	private CheckEligibilityResponse.Eligibility eligibility(long id) {
		return users.checkEligibility(CheckEligibilityRequest.newBuilder().setUserId(id).build()).getEligibility();
	}

	private List<Long> list(ListUsersRequest request) {
		Iterator<ListUsersResponse> responses = users.listUsers(request);
		return Stream.generate(() -> responses)
			.takeWhile(Iterator::hasNext)
			.map((iterator) -> iterator.next().getUser().getId())
			.toList();
	}

	private CompletableFuture<ImportUsersResponse> importUsers(String... emails) {
		CompletableFuture<ImportUsersResponse> response = new CompletableFuture<>();
		StreamObserver<ImportUsersRequest> stream = UserServiceGrpc.newStub(channel)
			.importUsers(new FutureObserver(response));
		Stream.of(emails).map(UserGrpcServiceIntegrationTests::user).forEach(stream::onNext);
		stream.onCompleted();
		return response.orTimeout(10, TimeUnit.SECONDS);
	}

	private static ImportUsersRequest user(String email) {
		return ImportUsersRequest.newBuilder().setName("Ada").setEmail(email).build();
	}

	private static String[] manyEmails(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "user" + i + "@example.com").toArray(String[]::new);
	}

	private static CompletionException assertRefused(CompletableFuture<?> response, Status.Code code) {
		CompletionException error = catchThrowableOfType(CompletionException.class, response::join);
		assertThat(Status.fromThrowable(error).getCode()).isEqualTo(code);
		return error;
	}

	private int count() {
		return jdbc.sql("select count(*) from users").query(Integer.class).single();
	}

	/**
	 * Completes a future with the one answer of a call.
	 */
	private record FutureObserver(
			CompletableFuture<ImportUsersResponse> response) implements StreamObserver<ImportUsersResponse> {

		@Override
		public void onNext(ImportUsersResponse value) {
			response.complete(value);
		}

		@Override
		public void onError(Throwable error) {
			response.completeExceptionally(error);
		}

		@Override
		public void onCompleted() {
		}

	}

}
