package com.example.platform.grpc;

import io.grpc.StatusException;
import jakarta.validation.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

import org.springframework.grpc.server.exception.GrpcExceptionHandler;

/**
 * Answers {@code INVALID_ARGUMENT} with details to violated Bean Validation constraints.
 */
public final class ValidationGrpcExceptionHandler implements GrpcExceptionHandler {

	@Override
	public @Nullable StatusException handleException(Throwable exception) {
		return (exception instanceof ConstraintViolationException violated) ? GrpcErrors.of(violated) : null;
	}

}
