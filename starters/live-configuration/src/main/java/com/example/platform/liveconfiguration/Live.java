package com.example.platform.liveconfiguration;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.Supplier;

/**
 * Makes a record of configuration properties a bean of type {@link Supplier}, whose
 * {@code get()} returns the values that are in effect. The record stands in a package of
 * the application and has
 * {@link org.springframework.boot.context.properties.ConfigurationProperties}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Live {

}
