package com.example.platform.grpc;

import io.grpc.Status;
import io.grpc.StatusException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/**
 * Answers {@code UNAVAILABLE} while a database cannot be reached, and
 * {@code DEADLINE_EXCEEDED} when the time for a call is over before the database is done.
 */
public final class UnavailableDataGrpcExceptionHandler implements GrpcExceptionHandler {

	private static final Log logger = LogFactory.getLog(UnavailableDataGrpcExceptionHandler.class);

	@Override
	public @Nullable StatusException handleException(Throwable exception) {
		// A transaction that cannot begin any more says so in its own way.
		if (exception instanceof QueryTimeoutException || exception.getCause() instanceof QueryTimeoutException) {
			logger.debug("The time is over", exception);
			return Status.DEADLINE_EXCEEDED.withDescription("The database did not answer in time").asException();
		}
		if (exception instanceof DataAccessResourceFailureException || exception instanceof TransientDataAccessException
				|| exception instanceof CannotCreateTransactionException
				|| exception instanceof TransactionSystemException) {
			logger.warn("The database cannot be used: " + exception.getMessage());
			return GrpcErrors.unavailable("The database cannot be used at the moment; try again");
		}
		return null;
	}

}
