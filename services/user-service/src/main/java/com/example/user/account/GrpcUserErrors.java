package com.example.user.account;

import com.example.platform.grpc.GrpcErrors;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import org.jspecify.annotations.Nullable;

import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.stereotype.Component;

/**
 * What gRPC answers instead of a user. What any service may answer is mapped by the
 * starter.
 */
@Component
class GrpcUserErrors implements GrpcExceptionHandler {

	@Override
	public @Nullable StatusException handleException(Throwable exception) {
		return (exception instanceof UserNotFoundException)
				? GrpcErrors.of(Code.NOT_FOUND, "user_id", String.valueOf(exception.getMessage())) : null;
	}

}
