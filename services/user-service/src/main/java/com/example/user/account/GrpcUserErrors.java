package com.example.user.account;

import com.example.platform.grpc.GrpcErrors;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import org.jspecify.annotations.Nullable;

import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.stereotype.Component;

/**
 * What gRPC answers when a user account refuses.
 */
@Component
class GrpcUserErrors implements GrpcExceptionHandler {

	@Override
	public @Nullable StatusException handleException(Throwable exception) {
		if (exception instanceof UserNotFoundException ex) {
			return GrpcErrors.of(Code.NOT_FOUND, "user_id", ex.getMessage());
		}
		if (exception instanceof EmailTakenException ex) {
			return GrpcErrors.of(Code.ALREADY_EXISTS, "email", ex.getMessage());
		}
		if (exception instanceof ImportTooLongException ex) {
			return Status.RESOURCE_EXHAUSTED.withDescription(ex.getMessage()).asException();
		}
		return null;
	}

}
