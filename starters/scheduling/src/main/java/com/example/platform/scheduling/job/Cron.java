package com.example.platform.scheduling.job;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.jspecify.annotations.Nullable;

/**
 * A text that is a cron expression with a tick to come, or {@code null}.
 */
@Documented
@Constraint(validatedBy = Cron.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface Cron {

	String message() default "must be a cron expression of six fields with a day that there is"
			+ " (second minute hour day month weekday), such as 0 30 4 * * MON-FRI";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/** Tells whether a text is one. */
	final class Validator implements ConstraintValidator<Cron, String> {

		@Override
		public boolean isValid(@Nullable String value, ConstraintValidatorContext context) {
			return value == null || Schedule.isCron(value);
		}

	}

}
