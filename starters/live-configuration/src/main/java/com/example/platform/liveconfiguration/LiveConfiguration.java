package com.example.platform.liveconfiguration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;
import org.springframework.validation.Validator;

/**
 * The live records of a service: immutable values bound from the environment, replaced as
 * a whole when the configuration changes.
 *
 * <p>
 * A service declares a record with {@link Live} and {@link ConfigurationProperties},
 * whose prefix it is bound to, and injects a {@link Supplier} of it. Business code calls
 * {@link Supplier#get()} once per unit of work and uses that one value throughout.
 * Reading is a volatile read and a map look-up, from any thread. A reader sees all of one
 * revision or all of another, never a mix within one record.
 */
public final class LiveConfiguration {

	private static final Log log = LogFactory.getLog(LiveConfiguration.class);

	private final Environment environment;

	private final List<Runnable> followers = new ArrayList<>();

	private final @Nullable Validator validator;

	private volatile Map<LiveRecord<?>, Object> values = Map.of();

	/**
	 * Creates the configuration of an application.
	 * @param environment where values come from, now and at each {@link #reload()}
	 * @param validator checks each record before it counts; {@code null} for none
	 */
	public LiveConfiguration(Environment environment, @Nullable Validator validator) {
		this.environment = environment;
		this.validator = validator;
	}

	/**
	 * Binds a record for the life of the application.
	 * @param <T> the record
	 * @param type an immutable type with constructor binding, annotated with
	 * {@link ConfigurationProperties}
	 * @return the value of the latest good revision at each call
	 * @throws org.springframework.boot.context.properties.bind.BindException when the
	 * present configuration does not bind or is not valid
	 */
	public <T> Supplier<T> bind(Class<T> type) {
		return bind(type, (value) -> {
		});
	}

	private synchronized <T> Supplier<T> bind(Class<T> type, Consumer<? super T> check) {
		LiveRecord<T> live = new LiveRecord<>(type, check, (record) -> Objects.requireNonNull(values.get(record)));
		Map<LiveRecord<?>, Object> next = new LinkedHashMap<>(values);
		next.put(live, read(live, environment));
		values = next;
		return live;
	}

	/**
	 * Binds a record for the life of the application and hands it to those who must act
	 * on it: the present value at once, and after each reload that changed it the new
	 * one, when all records have been replaced.
	 * @param <T> the record
	 * @param type an immutable type with constructor binding, annotated with
	 * {@link ConfigurationProperties}
	 * @param listener called on the reloading thread; must not block
	 * @throws org.springframework.boot.context.properties.bind.BindException when the
	 * present configuration does not bind or is not valid
	 */
	public <T> void follow(Class<T> type, Consumer<? super T> listener) {
		follow(type, (value) -> {
		}, listener);
	}

	/**
	 * The same for a record that has to agree with more than its own rules.
	 * @param <T> the record
	 * @param type an immutable type with constructor binding, annotated with
	 * {@link ConfigurationProperties}
	 * @param check called with each value before it counts; an exception of it refuses
	 * the configuration, like a value that is not valid
	 * @param listener called on the reloading thread; must not block
	 * @throws org.springframework.boot.context.properties.bind.BindException when the
	 * present configuration does not bind or is not valid
	 */
	public synchronized <T> void follow(Class<T> type, Consumer<? super T> check, Consumer<? super T> listener) {
		Supplier<T> live = bind(type, check);
		AtomicReference<T> told = new AtomicReference<>(live.get());
		listener.accept(live.get());
		followers.add(() -> {
			T next = live.get();
			if (!next.equals(told.getAndSet(next))) {
				listener.accept(next);
			}
		});
	}

	/**
	 * Binds all records anew from the environment and replaces them together, or none of
	 * them.
	 * @throws RuntimeException when one does not bind, is not valid or fails its check;
	 * all records keep their values
	 */
	public void reload() {
		Map<LiveRecord<?>, RuntimeException> failures = renew((live) -> true);
		if (!failures.isEmpty()) {
			throw failures.values().iterator().next();
		}
	}

	/**
	 * Binds records anew from the environment and replaces them together, or none of
	 * them.
	 * @param concerned tells which records
	 * @return why some could not be bound or are not valid; empty when all are replaced
	 */
	public synchronized Map<LiveRecord<?>, RuntimeException> renew(Predicate<LiveRecord<?>> concerned) {
		Prepared prepared = prepare(environment, concerned);
		if (prepared.failures().isEmpty()) {
			complete(prepared);
		}
		return prepared.failures();
	}

	private <T> T read(LiveRecord<T> live, Environment from) {
		// A new one each time, because it keeps the errors that it has found.
		BindHandler handler = (validator != null) ? new ValidationBindHandler(validator) : BindHandler.DEFAULT;
		var sources = DefaultsSource.under(ConfigurationPropertySources.get(from), live.prefix(), live.type());
		return live
			.checked(StrictBinder.of(from, sources, handler).bindOrCreate(live.prefix(), Bindable.of(live.type())));
	}

	/**
	 * Binds records from what may become the environment, without replacing any. One that
	 * is equal to the present one stays the same object.
	 * @param candidate what may become the environment
	 * @param concerned tells which records the change concerns
	 * @return those records, for {@link #complete}
	 */
	public synchronized Prepared prepare(Environment candidate, Predicate<LiveRecord<?>> concerned) {
		Map<LiveRecord<?>, Object> bound = new LinkedHashMap<>();
		Map<LiveRecord<?>, RuntimeException> failures = new LinkedHashMap<>();
		values.forEach((live, value) -> {
			if (concerned.test(live)) {
				try {
					Object next = read(live, candidate);
					bound.put(live, next.equals(value) ? value : next);
				}
				catch (RuntimeException ex) {
					failures.put(live, ex);
				}
			}
		});
		return new Prepared(bound, failures);
	}

	/**
	 * Replaces records, then tells those who follow them. Others keep the values that
	 * they have by now.
	 * @param prepared what was prepared without a failure
	 */
	public synchronized void complete(Prepared prepared) {
		Map<LiveRecord<?>, Object> next = new LinkedHashMap<>(values);
		next.putAll(prepared.values);
		values = next;
		for (Runnable follower : followers) {
			try {
				follower.run();
			}
			catch (RuntimeException ex) {
				log.error("A listener of live configuration failed; the new values count all the same", ex);
			}
		}
	}

	/**
	 * Lists the records in use.
	 * @return a copy
	 */
	public List<LiveRecord<?>> records() {
		return List.copyOf(values.keySet());
	}

	/**
	 * Records of what may become the environment.
	 *
	 * @param values the records
	 * @param failures why some could not be bound or are not valid
	 */
	public record Prepared(Map<LiveRecord<?>, Object> values, Map<LiveRecord<?>, RuntimeException> failures) {
	}

}
