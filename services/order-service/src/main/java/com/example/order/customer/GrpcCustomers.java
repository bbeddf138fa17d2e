package com.example.order.customer;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

import com.example.contracts.user.v1.CheckEligibilityRequest;
import com.example.contracts.user.v1.CheckEligibilityResponse;
import com.example.contracts.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.grpc.client.ImportGrpcClients;
import org.springframework.stereotype.Component;

/**
 * Customers as user-service knows them, asked over gRPC. Deadline, attempts and circuit
 * breaker are configured for the service {@code user-service}. Who may order is
 * remembered for some seconds; who may not can be unblocked at once.
 */
@Component
@ImportGrpcClients(target = "user-service", types = UserServiceBlockingStub.class)
class GrpcCustomers implements Customers {

	private static final Log logger = LogFactory.getLog(GrpcCustomers.class);

	// Mistakes of ours, which do not pass by themselves. To order without a check then
	// would be to order without a check from now on.
	private static final Set<Status.Code> REFUSALS = EnumSet.of(Status.Code.INVALID_ARGUMENT,
			Status.Code.PERMISSION_DENIED, Status.Code.UNAUTHENTICATED, Status.Code.UNIMPLEMENTED);

	private static final int MOST_REMEMBERED = 10_000;

	private final UserServiceBlockingStub users;

	private final Cache<Long, Eligibility> eligible;

	GrpcCustomers(UserServiceBlockingStub users, Supplier<CustomerSettings> settings) {
		this.users = users;
		this.eligible = Caffeine.newBuilder()
			.maximumSize(MOST_REMEMBERED)
			.expireAfter(Expiry.<Long, Eligibility>writing((userId, known) -> settings.get().eligibleFor()))
			.build();
	}

	@Override
	public Eligibility eligibility(long userId) {
		Eligibility known = eligible.getIfPresent(userId);
		if (known == null) {
			known = ask(userId);
			if (known == Eligibility.ELIGIBLE) {
				eligible.put(userId, known);
			}
		}
		return known;
	}

	// A deadline passes before the timer says so that cancels the context.
	private static boolean isCallerGone() {
		Deadline deadline = Context.current().getDeadline();
		return Context.current().isCancelled() || (deadline != null && deadline.isExpired());
	}

	private Eligibility ask(long userId) {
		CheckEligibilityRequest request = CheckEligibilityRequest.newBuilder().setUserId(userId).build();
		CheckEligibilityResponse response;
		try {
			response = users.checkEligibility(request);
		}
		catch (StatusRuntimeException ex) {
			logger.warn("user-service cannot be asked: " + ex.getStatus());
			if (REFUSALS.contains(ex.getStatus().getCode())) {
				throw new IllegalStateException("user-service refuses to tell who may order", ex);
			}
			throw new CustomersUnavailableException(ex, isCallerGone());
		}
		return switch (response.getEligibility()) {
			case ELIGIBILITY_ELIGIBLE -> Eligibility.ELIGIBLE;
			case ELIGIBILITY_UNKNOWN_USER -> Eligibility.UNKNOWN_USER;
			case ELIGIBILITY_BLOCKED -> Eligibility.BLOCKED;
			case ELIGIBILITY_UNSPECIFIED, UNRECOGNIZED ->
				throw new IllegalStateException("user-service answered " + response.getEligibilityValue());
		};
	}

}
