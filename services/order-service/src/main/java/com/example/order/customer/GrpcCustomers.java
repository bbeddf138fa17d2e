package com.example.order.customer;

import com.example.contracts.user.v1.CheckEligibilityRequest;
import com.example.contracts.user.v1.CheckEligibilityResponse;
import com.example.contracts.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import io.grpc.StatusRuntimeException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.grpc.client.ImportGrpcClients;
import org.springframework.stereotype.Component;

/**
 * Customers as user-service knows them, asked over gRPC. Deadline and retries are
 * properties of the channel {@code user-service}.
 */
@Component
@ImportGrpcClients(target = "user-service", types = UserServiceBlockingStub.class)
class GrpcCustomers implements Customers {

	private static final Log logger = LogFactory.getLog(GrpcCustomers.class);

	private final UserServiceBlockingStub users;

	GrpcCustomers(UserServiceBlockingStub users) {
		this.users = users;
	}

	@Override
	public Eligibility eligibility(long userId) {
		CheckEligibilityRequest request = CheckEligibilityRequest.newBuilder().setUserId(userId).build();
		CheckEligibilityResponse response;
		try {
			response = users.checkEligibility(request);
		}
		catch (StatusRuntimeException ex) {
			logger.warn("user-service cannot be asked: " + ex.getStatus());
			throw new CustomersUnavailableException(ex);
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
