package com.example.order.placing;

import java.util.Map;

import com.example.order.customer.CustomersUnavailableException;
import com.example.platform.grpc.GrpcErrors;
import io.grpc.Status;
import io.grpc.StatusException;
import jakarta.validation.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.stereotype.Component;

/**
 * What gRPC answers when an order is refused, whichever feature is asked.
 */
@Component
public class GrpcOrderErrors implements GrpcExceptionHandler {

	@Override
	public @Nullable StatusException handleException(Throwable exception) {
		if (exception instanceof OrderRefusedException ex) {
			return GrpcErrors.of(switch (ex.reason()) {
				case INVALID -> Status.Code.INVALID_ARGUMENT;
				case NOT_FOUND -> Status.Code.NOT_FOUND;
				case LIMIT_EXCEEDED, NOT_ELIGIBLE, NOT_OPEN -> Status.Code.FAILED_PRECONDITION;
				case KEY_REUSED -> Status.Code.ALREADY_EXISTS;
			}, ex.field(), ex.getMessage());
		}
		if (exception instanceof CustomersUnavailableException ex) {
			return GrpcErrors.unavailable(String.valueOf(ex.getMessage()));
		}
		return null;
	}

	/**
	 * Returns why a message of a stream is refused, or {@code null} if it is not: of
	 * several bad fields, what is wrong with the first.
	 */
	public static @Nullable OrderRefusedException refusal(RuntimeException exception) {
		if (exception instanceof ConstraintViolationException violated) {
			Map.Entry<String, String> first = GrpcErrors.reasons(violated).entrySet().iterator().next();
			return new OrderRefusedException(OrderRefusedException.Reason.INVALID, first.getKey(), first.getValue());
		}
		return (exception instanceof OrderRefusedException refused) ? refused : null;
	}

}
