package com.example.platform.web;

import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Why a body could not be read, in terms of the sender: never with the name of a class.
 */
final class UnreadableBody {

	private UnreadableBody() {
	}

	static FieldError describe(@Nullable Throwable cause) {
		if (cause != null && cause.getCause() instanceof CharacterCodingException) {
			return new FieldError("body", "is not valid UTF-8");
		}
		if (cause instanceof InvalidFormatException ex && ex.getTargetType() == String.class
				&& ex.getValue() instanceof String) {
			return new FieldError(path(ex), ex.getOriginalMessage());
		}
		if (cause instanceof UnrecognizedPropertyException ex) {
			String known = ex.getKnownPropertyIds()
				.stream()
				.map(String::valueOf)
				.sorted()
				.collect(Collectors.joining(", "));
			return new FieldError(path(ex), "is not known here; known are " + known);
		}
		if (cause instanceof MismatchedInputException ex && !ex.getPath().isEmpty()) {
			return new FieldError(path(ex), "must be " + expected(ex.getTargetType()));
		}
		if (cause instanceof MismatchedInputException ex) {
			return new FieldError("body", "must be " + expected(ex.getTargetType()));
		}
		if (cause instanceof InputCoercionException ex && !ex.getPath().isEmpty()) {
			return new FieldError(path(ex), "must be " + expected(ex.getTargetType()));
		}
		if (cause instanceof StreamReadException ex) {
			return new FieldError("body", "is not valid JSON at line " + ex.getLocation().getLineNr() + ", column "
					+ ex.getLocation().getColumnNr());
		}
		if (cause instanceof JacksonException ex && !ex.getPath().isEmpty()) {
			return new FieldError(path(ex), "cannot be read");
		}
		return new FieldError("body", "is missing or cannot be read");
	}

	static String expected(@Nullable Class<?> type) {
		if (type == null) {
			return "of another type";
		}
		if (type.isEnum()) {
			return "one of "
					+ Arrays.stream(type.getEnumConstants()).map(String::valueOf).collect(Collectors.joining(", "));
		}
		if (type == long.class || type == Long.class) {
			return "a whole number of at most 64 bits";
		}
		if (type == int.class || type == Integer.class) {
			return "a whole number of at most 32 bits";
		}
		if (type == boolean.class || type == Boolean.class) {
			return "true or false";
		}
		if (type == String.class) {
			return "a text";
		}
		if (type == UUID.class) {
			return "a UUID";
		}
		if (Collection.class.isAssignableFrom(type) || type.isArray()) {
			return "an array";
		}
		return type.isRecord() ? "an object" : "of another type";
	}

	private static String path(JacksonException ex) {
		StringBuilder path = new StringBuilder();
		for (JacksonException.Reference reference : ex.getPath()) {
			if (reference.getPropertyName() == null) {
				path.append('[').append(reference.getIndex()).append(']');
			}
			else {
				path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
			}
		}
		// A name may hold half a surrogate pair, which the answer could not be written
		// with.
		return new String(path.toString().getBytes(UTF_8), UTF_8);
	}

}
