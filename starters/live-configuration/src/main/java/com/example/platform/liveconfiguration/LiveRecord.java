package com.example.platform.liveconfiguration;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * A record that the application uses. Equal only to itself: two beans may bind the same
 * type.
 *
 * @param <T> the record
 */
public final class LiveRecord<T> implements Supplier<T> {

	private final Class<T> type;

	private final String prefix;

	private final Consumer<? super T> check;

	private final Function<LiveRecord<?>, Object> present;

	LiveRecord(Class<T> type, Consumer<? super T> check, Function<LiveRecord<?>, Object> present) {
		ConfigurationProperties annotation = AnnotationUtils.findAnnotation(type, ConfigurationProperties.class);
		if (annotation == null) {
			throw new IllegalArgumentException(type.getName()
					+ " says nowhere which keys it is bound to. Annotate it with @ConfigurationProperties(\"prefix\").");
		}
		this.type = type;
		this.prefix = annotation.prefix();
		this.check = check;
		this.present = present;
	}

	/**
	 * Returns its type.
	 * @return an immutable type with constructor binding
	 */
	public Class<T> type() {
		return type;
	}

	/**
	 * Returns what its keys have in common.
	 * @return the prefix of its annotation
	 */
	public String prefix() {
		return prefix;
	}

	/**
	 * Tells whether a change concerns it.
	 * @param keys the changed keys
	 * @return whether one of them is below its prefix
	 */
	public boolean obeys(Set<String> keys) {
		return KeyNames.isBelow(keys, prefix);
	}

	T checked(T value) {
		check.accept(value);
		return value;
	}

	@Override
	public T get() {
		return type.cast(present.apply(this));
	}

}
