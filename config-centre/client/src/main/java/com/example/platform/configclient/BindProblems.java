package com.example.platform.configclient;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import com.example.platform.configclient.RevisionPropertySource.FileOrigin;
import com.example.platform.configprotocol.Problem;
import com.example.platform.configprotocol.keys.KeyNames;
import com.example.platform.configprotocol.keys.ValueType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.ClassUtils;
import org.springframework.util.PlaceholderResolutionException;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Says why a record or a bean cannot be bound, without the value that is at fault.
 *
 * @param content the revision it was bound from
 */
record BindProblems(RevisionContent content) {

	List<Problem> of(String prefix, RuntimeException failure) {
		BindException binding = find(failure, BindException.class);
		BindValidationException invalid = find(failure, BindValidationException.class);
		if (invalid != null) {
			ValidationErrors errors = invalid.getValidationErrors();
			return errors.getAllErrors().stream().map((error) -> of(errors, error)).toList();
		}
		if (binding == null) {
			return List.of(new Problem(null, null, prefix, content.redact(rootMessage(failure))));
		}
		ConfigurationProperty property = binding.getProperty();
		String key = (property != null) ? property.getName().toString() : binding.getName().toString();
		Origin origin = (property != null) ? property.getOrigin() : null;
		PlaceholderResolutionException unresolved = find(failure, PlaceholderResolutionException.class);
		if (unresolved != null) {
			return List.of(problem(origin, key, reason(unresolved)));
		}
		String reason = (find(failure, ConversionException.class) != null)
				? "must be " + expected(binding.getTarget().getType().resolve(Object.class))
				: content.redact(rootMessage(failure));
		return List.of(problem(origin, key, reason));
	}

	/**
	 * Says why a placeholder cannot be replaced. The exception's message shows the value.
	 */
	static String reason(PlaceholderResolutionException ex) {
		return "has the placeholder ${" + ex.getPlaceholder() + "}, which cannot be replaced: define that key, without"
				+ " a circle of references, or give a default as in ${key:default}; a text with ${ is written \\${";
	}

	private Problem of(ValidationErrors errors, ObjectError error) {
		String field = (error instanceof FieldError ofField) ? "." + KeyNames.canonical(ofField.getField()) : "";
		String reason = (error.getDefaultMessage() != null) ? error.getDefaultMessage() : "is not valid";
		return problem(Origin.from(error), errors.getName() + field, content.redact(reason));
	}

	private static Problem problem(@Nullable Origin origin, String key, String reason) {
		Origin actual = (origin instanceof PropertySourceOrigin wrapped) ? wrapped.getOrigin() : origin;
		return (actual instanceof FileOrigin place) ? new Problem(place.file(), place.line(), key, reason)
				: new Problem(null, null, key, reason);
	}

	private static String expected(Class<?> type) {
		Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
		String expected = new ValueType(boxed.getName()).expected();
		if (expected != null) {
			return expected;
		}
		if (boxed.isEnum()) {
			return Arrays.stream(boxed.getEnumConstants())
				.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
				.collect(Collectors.joining(", ", "one of ", ""));
		}
		return "a " + boxed.getSimpleName();
	}

	private static String rootMessage(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return (root.getMessage() != null) ? root.getMessage() : root.getClass().getSimpleName();
	}

	private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

}
