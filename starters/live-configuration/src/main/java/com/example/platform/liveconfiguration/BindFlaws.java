package com.example.platform.liveconfiguration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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
 * @param redact takes secrets out of a text
 */
public record BindFlaws(UnaryOperator<String> redact) {

	/**
	 * Explains a failure.
	 * @param prefix what was bound
	 * @param failure why it was not
	 * @return a flaw for each value at fault
	 */
	public List<Flaw> of(String prefix, RuntimeException failure) {
		BindException binding = find(failure, BindException.class);
		BindValidationException invalid = find(failure, BindValidationException.class);
		if (invalid != null) {
			ValidationErrors errors = invalid.getValidationErrors();
			return errors.getAllErrors().stream().map((error) -> of(errors, error)).toList();
		}
		if (binding == null) {
			return List.of(new Flaw(prefix, redact.apply(rootMessage(failure))));
		}
		ConfigurationProperty property = binding.getProperty();
		String key = (property != null) ? property.getName().toString() : binding.getName().toString();
		Origin origin = (property != null) ? property.getOrigin() : null;
		PlaceholderResolutionException unresolved = find(failure, PlaceholderResolutionException.class);
		if (unresolved != null) {
			return List.of(flaw(origin, key, reason(unresolved)));
		}
		String reason = (find(failure, ConversionException.class) != null)
				? "must be " + expected(binding.getTarget().getType().resolve(Object.class))
				: redact.apply(rootMessage(failure));
		return List.of(flaw(origin, key, reason));
	}

	/**
	 * Says why a placeholder cannot be replaced. The exception's message shows the value.
	 * @param ex the failure
	 * @return the reason, without the value
	 */
	public static String reason(PlaceholderResolutionException ex) {
		return "has the placeholder ${" + ex.getPlaceholder() + "}, which cannot be replaced: define that key, without"
				+ " a circle of references, or give a default as in ${key:default}; a text with ${ is written \\${";
	}

	private Flaw of(ValidationErrors errors, ObjectError error) {
		String field = (error instanceof FieldError ofField) ? "." + KeyNames.canonical(ofField.getField()) : "";
		String reason = (error.getDefaultMessage() != null) ? error.getDefaultMessage() : "is not valid";
		return flaw(Origin.from(error), errors.getName() + field, redact.apply(reason));
	}

	private static Flaw flaw(@Nullable Origin origin, String key, String reason) {
		return new Flaw(key, reason, (origin instanceof PropertySourceOrigin wrapped) ? wrapped.getOrigin() : origin);
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
