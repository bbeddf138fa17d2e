package com.example.order.placing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * A caller's own name for one order: repeating it returns that order instead of placing
 * another one. It has no comma, because that is what two headers of one name are joined
 * by on their way.
 */
@NotNull
@Pattern(regexp = "[\\x21-\\x7E&&[^,]]{1,100}")
@ReportAsSingleViolation
@Constraint(validatedBy = {})
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface IdempotencyKey {

	String message() default "must be 1 to 100 visible ASCII characters other than a comma";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

}
