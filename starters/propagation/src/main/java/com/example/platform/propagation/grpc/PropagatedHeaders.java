package com.example.platform.propagation.grpc;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import io.grpc.Context;
import org.jspecify.annotations.Nullable;

/**
 * The headers that go along from a request to whatever is called for it. They are kept in
 * gRPC's {@link Context} and thus known to the thread that handles the request.
 * Immutable.
 */
public final class PropagatedHeaders {

	private static final Context.Key<Map<String, String>> VALUES = Context
		.keyWithDefault("com.example.platform.propagation.headers", Map.of());

	// What both HTTP and gRPC can carry, and no more than a header ought to hold.
	private static final Pattern ACCEPTED = Pattern.compile("[\\x20-\\x7e]{1,256}");

	private final List<String> names;

	/**
	 * Creates the headers.
	 * @param names their names, in whatever case
	 */
	public PropagatedHeaders(Collection<String> names) {
		this.names = names.stream().map((name) -> name.toLowerCase(Locale.ROOT)).toList();
	}

	/**
	 * Reads the headers of a request.
	 * @param context where the request is handled
	 * @param header finds a value by its name in lower case, {@code null} for none
	 * @return the context with those that are there and fit to be sent
	 */
	public Context readInto(Context context, UnaryOperator<@Nullable String> header) {
		Map<String, String> values = new LinkedHashMap<>();
		for (String name : names) {
			String value = header.apply(name);
			if (value != null && ACCEPTED.matcher(value).matches()) {
				values.put(name, value);
			}
		}
		return values.isEmpty() ? context : context.withValue(VALUES, Map.copyOf(values));
	}

	/**
	 * Returns the headers of the request that is handled by the current thread.
	 * @return values by name in lower case; never changes
	 */
	public static Map<String, String> current() {
		return VALUES.get();
	}

}
