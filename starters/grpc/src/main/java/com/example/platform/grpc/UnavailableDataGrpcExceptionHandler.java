package com.example.platform.grpc;

import io.grpc.StatusException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Answers {@code UNAVAILABLE} while a database cannot be reached.
 */
public final class UnavailableDataGrpcExceptionHandler implements GrpcExceptionHandler {

	private static final Log logger = LogFactory.getLog(UnavailableDataGrpcExceptionHandler.class);

	@Override
	public @Nullable StatusException handleException(Throwable exception) {
		if (exception instanceof DataAccessResourceFailureException || exception instanceof TransientDataAccessException
				|| exception instanceof CannotCreateTransactionException) {
			logger.warn("The database cannot be used: " + exception.getMessage());
			return GrpcErrors.unavailable("The database cannot be used at the moment; try again");
		}
		return null;
	}

}
