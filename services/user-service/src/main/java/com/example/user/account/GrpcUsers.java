package com.example.user.account;

import java.time.Instant;

import com.example.contracts.user.v1.CheckEligibilityResponse;
import com.google.protobuf.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Users in the terms of the contract.
 */
final class GrpcUsers {

	private GrpcUsers() {
	}

	static com.example.contracts.user.v1.User message(User user) {
		return com.example.contracts.user.v1.User.newBuilder()
			.setId(user.id())
			.setName(user.name())
			.setEmail(user.email())
			.setStatus(message(user.status()))
			.setCreatedAt(message(user.createdAt()))
			.build();
	}

	static CheckEligibilityResponse.Eligibility message(Eligibility eligibility) {
		return switch (eligibility) {
			case ELIGIBLE -> CheckEligibilityResponse.Eligibility.ELIGIBILITY_ELIGIBLE;
			case UNKNOWN_USER -> CheckEligibilityResponse.Eligibility.ELIGIBILITY_UNKNOWN_USER;
			case BLOCKED -> CheckEligibilityResponse.Eligibility.ELIGIBILITY_BLOCKED;
		};
	}

	/**
	 * Returns the status a request names, or {@code null} if it names none.
	 */
	static @Nullable UserStatus status(com.example.contracts.user.v1.UserStatus status) {
		return switch (status) {
			case USER_STATUS_ACTIVE -> UserStatus.ACTIVE;
			case USER_STATUS_BLOCKED -> UserStatus.BLOCKED;
			case USER_STATUS_UNSPECIFIED, UNRECOGNIZED -> null;
		};
	}

	private static com.example.contracts.user.v1.UserStatus message(UserStatus status) {
		return switch (status) {
			case ACTIVE -> com.example.contracts.user.v1.UserStatus.USER_STATUS_ACTIVE;
			case BLOCKED -> com.example.contracts.user.v1.UserStatus.USER_STATUS_BLOCKED;
		};
	}

	private static Timestamp message(Instant instant) {
		return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).setNanos(instant.getNano()).build();
	}

}
