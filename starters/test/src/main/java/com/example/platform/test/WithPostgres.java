package com.example.platform.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives the application context of a Spring test an empty PostgreSQL database of its own
 * on a real server, as {@code spring.datasource.url}, {@code username} and
 * {@code password}. The server is shared by the whole JVM; contexts that Spring caches
 * keep their database.
 *
 * @see TestServers#postgres()
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface WithPostgres {

}
