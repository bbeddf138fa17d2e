package com.example.platform.liveconfiguration;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of a map in a live record that another component holds the defaults of its values.
 * What an entry leaves out is as there:
 *
 * <pre class="code">
 * record Balancing(&#64;DefaultValue Settings defaults,
 *         &#64;DefaultsFrom("defaults") &#64;DefaultValue Map&lt;String, Settings&gt; services) {
 * }
 * </pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface DefaultsFrom {

	/**
	 * Names the component.
	 * @return its key, below the prefix of the record
	 */
	String value();

}
