package com.example.platform.grpc;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;

/**
 * gRPC errors with {@code google.rpc.BadRequest} details. Fields are given as Java names
 * them and sent as the {@code .proto} file does: {@code lines[0].unitPrice} becomes
 * {@code lines[0].unit_price}.
 */
public final class GrpcErrors {

	private static final Pattern UPPER_CASE = Pattern.compile("[A-Z]");

	private GrpcErrors() {
	}

	/**
	 * Returns an error with one bad field.
	 * @param code the status code
	 * @param field the path of the field in the request message
	 * @param reason what is wrong with it
	 * @return the error, to be given to {@code onError}
	 */
	public static StatusException of(Code code, String field, String reason) {
		return of(code, Map.of(protoName(field), reason));
	}

	/**
	 * Returns an {@code INVALID_ARGUMENT} error for violated constraints.
	 * @param violated the constraints, at least one
	 * @return the error, to be given to {@code onError}
	 */
	public static StatusException of(ConstraintViolationException violated) {
		return of(Code.INVALID_ARGUMENT, reasons(violated));
	}

	/**
	 * Returns an {@code UNAVAILABLE} error for what this instance depends on, such as a
	 * database. It says to come again in a second ({@code google.rpc.RetryInfo}), by
	 * which callers know that the instance itself is well, and do not take it out.
	 * @param reason what is away, for a person
	 * @return the error, to be given to {@code onError}
	 */
	public static StatusException unavailable(String reason) {
		return StatusProto.toStatusException(Status.newBuilder()
			.setCode(Code.UNAVAILABLE.value())
			.setMessage(reason)
			.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(1)).build()))
			.build());
	}

	/**
	 * Returns what is wrong with each field.
	 * @param violated the constraints
	 * @return reasons by the field's path as the {@code .proto} file has it
	 */
	public static Map<String, String> reasons(ConstraintViolationException violated) {
		Map<String, String> reasons = new TreeMap<>();
		for (ConstraintViolation<?> violation : violated.getConstraintViolations()) {
			reasons.merge(protoName(path(violation.getPropertyPath())), violation.getMessage(),
					(one, other) -> one + "; " + other);
		}
		return reasons;
	}

	/**
	 * Returns the bad fields that an error names.
	 * @param error what a call failed with
	 * @return reasons by the field's path as the {@code .proto} file has it; empty if it
	 * names none
	 */
	public static Map<String, String> badFields(Throwable error) {
		Map<String, String> reasons = new TreeMap<>();
		Status status = StatusProto.fromThrowable(error);
		if (status != null) {
			for (Any detail : status.getDetailsList()) {
				if (detail.is(BadRequest.class)) {
					badRequest(detail).getFieldViolationsList()
						.forEach((violation) -> reasons.put(violation.getField(), violation.getDescription()));
				}
			}
		}
		return reasons;
	}

	private static BadRequest badRequest(Any detail) {
		try {
			return detail.unpack(BadRequest.class);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalArgumentException("The error's details cannot be read", ex);
		}
	}

	/**
	 * Returns the path of a field as the {@code .proto} file has it.
	 * @param field the path in the names of Java
	 * @return the path in snake case
	 */
	public static String protoName(String field) {
		return UPPER_CASE.matcher(field).replaceAll((upper) -> "_" + upper.group().toLowerCase(Locale.ROOT));
	}

	private static StatusException of(Code code, Map<String, String> reasons) {
		BadRequest.Builder details = BadRequest.newBuilder();
		StringBuilder message = new StringBuilder();
		reasons.forEach((field, reason) -> {
			details.addFieldViolationsBuilder().setField(field).setDescription(reason);
			message.append(message.isEmpty() ? "" : "; ").append(field).append(": ").append(reason);
		});
		return StatusProto.toStatusException(Status.newBuilder()
			.setCode(code.value())
			.setMessage(message.toString())
			.addDetails(Any.pack(details.build()))
			.build());
	}

	// A validated method's path starts with the names of the method and its parameter:
	// place.order.lines[0] is lines[0]. A parameter with a constraint of its own is the
	// field itself.
	private static String path(Path path) {
		String text = path.toString();
		if (path.iterator().next().getKind() != ElementKind.METHOD) {
			return text;
		}
		String parameter = text.substring(text.indexOf('.') + 1);
		String inside = parameter.replaceFirst("^\\w+\\.?", "");
		return inside.isEmpty() ? parameter : inside;
	}

}
