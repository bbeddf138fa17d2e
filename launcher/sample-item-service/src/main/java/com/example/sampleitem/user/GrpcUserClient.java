// if client
package com.example.sampleitem.user;

import com.example.contracts.user.v1.GetUserRequest;
import com.example.contracts.user.v1.GetUserResponse;
import com.example.contracts.user.v1.UserServiceGrpc.UserServiceBlockingStub;

import org.springframework.grpc.client.ImportGrpcClients;
import org.springframework.stereotype.Component;

/**
 * Calls user-service over gRPC. Deadline, attempts and circuit breaker are configured for
 * the service {@code user-service}.
 */
@Component
@ImportGrpcClients(target = "user-service", types = UserServiceBlockingStub.class)
class GrpcUserClient {

	private final UserServiceBlockingStub stub;

	GrpcUserClient(UserServiceBlockingStub stub) {
		this.stub = stub;
	}

	/**
	 * Calls GetUser.
	 * @throws io.grpc.StatusRuntimeException if there is no answer, or it is an error
	 */
	GetUserResponse getUser(GetUserRequest request) {
		return stub.getUser(request);
	}

}
// end
