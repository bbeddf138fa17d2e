package com.example.platform.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives the application context of a Spring test a real Consul agent, as
 * {@code spring.cloud.consul.host} and {@code port}.
 *
 * @see TestServers#consul()
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface WithConsul {

	/**
	 * Whether the context gets an agent that no other context sees and that stops with
	 * it; else all contexts of the JVM share one.
	 */
	boolean perContext() default false;

}
