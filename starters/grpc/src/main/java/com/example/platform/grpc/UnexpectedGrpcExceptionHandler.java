package com.example.platform.grpc;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.Ordered;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;

/**
 * Answers {@code INTERNAL} to a defect and logs it; the caller learns nothing of what is
 * inside. It stands behind all other handlers.
 */
public final class UnexpectedGrpcExceptionHandler implements GrpcExceptionHandler, Ordered {

	private static final Log logger = LogFactory.getLog(UnexpectedGrpcExceptionHandler.class);

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public StatusException handleException(Throwable exception) {
		if (exception instanceof StatusException ex) {
			return ex;
		}
		if (exception instanceof StatusRuntimeException ex) {
			return new StatusException(ex.getStatus(), ex.getTrailers());
		}
		logger.error("A gRPC call failed unexpectedly", exception);
		return Status.INTERNAL.withDescription("Internal error").asException();
	}

}
