package com.example.user.account;

import com.example.contracts.user.v1.CheckEligibilityRequest;
import com.example.contracts.user.v1.CheckEligibilityResponse;
import com.example.contracts.user.v1.GetUserRequest;
import com.example.contracts.user.v1.UserServiceGrpc;
import com.example.contracts.user.v1.UserStatus;
import com.example.platform.grpc.GrpcErrors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
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

	private final UserAccounts accounts;

	UserGrpcServiceIntegrationTests(GrpcServerLifecycle server, JdbcClient jdbc, UserAccounts accounts) {
		channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
		users = UserServiceGrpc.newBlockingStub(channel);
		this.jdbc = jdbc;
		this.accounts = accounts;
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
		long id = accounts.create(new NewUser("Ada", "ada@example.com")).id();
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
		long id = accounts.create(new NewUser("Ada", "ada@example.com")).id();
		jdbc.sql("update users set status = :status").param("status", status).update();
		assertThat(eligibility(id)).isEqualTo(eligibility);
	}

	@Test
	void theEligibilityOfAnUnknownUserIsAnAnswer() {
		assertThat(eligibility(0)).isEqualTo(CheckEligibilityResponse.Eligibility.ELIGIBILITY_UNKNOWN_USER);
	}

	private CheckEligibilityResponse.Eligibility eligibility(long id) {
		return users.checkEligibility(CheckEligibilityRequest.newBuilder().setUserId(id).build()).getEligibility();
	}

}
