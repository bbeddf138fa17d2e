package com.example.platform.liveconfiguration;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LogLevel;
import org.springframework.util.unit.DataSize;

/**
 * What can be told from the type of a key's value.
 *
 * @param name the Java type as the key's owner names it, with its package
 */
public record ValueType(String name) {

	private static final String OBJECT = "java.lang.Object";

	private static final Pattern MAP = Pattern.compile("java\\.util\\.Map<.*?,\\s*(.+)>|java\\.util\\.Properties");

	private static final Pattern LIST = Pattern.compile("java\\.util\\.(?:List|Set|Collection)<(.+)>|(.+)\\[]");

	private static final Pattern SINGLE = Pattern
		.compile("java\\.(?:lang|math|net|nio|time)\\..+|" + Pattern.quote(DataSize.class.getName()));

	private static final Map<String, String> EXPECTED = Map.ofEntries(expected(Boolean.class, "true or false"),
			expected(Byte.class, "a whole number (Byte)"), expected(Short.class, "a whole number (Short)"),
			expected(Integer.class, "a whole number (Integer)"), expected(Long.class, "a whole number (Long)"),
			expected(BigInteger.class, "a whole number"), expected(Float.class, "a number such as 0.5"),
			expected(Double.class, "a number such as 0.5"), expected(BigDecimal.class, "a number such as 0.5"),
			expected(Duration.class, "a duration (java.time.Duration) such as 500ms or 2s"),
			expected(Period.class, "a period (java.time.Period) such as 10d or 1y3d"),
			expected(DataSize.class, "a size (DataSize) such as 512KB or 10MB"),
			expected(Charset.class, "the name of a character set such as UTF-8"),
			expected(ZoneId.class, "a time zone such as Europe/Berlin or UTC"),
			expected(LogLevel.class, "one of trace, debug, info, warn, error, fatal and off"));

	private static Map.Entry<String, String> expected(Class<?> type, String expected) {
		return Map.entry(type.getName(), expected);
	}

	/**
	 * Says how a value of this type is written.
	 * @return what can stand behind "must be"; {@code null} for a type without a rule
	 */
	public @Nullable String expected() {
		return EXPECTED.get(name);
	}

	/**
	 * Tells whether values are known to have no elements and no keys.
	 * @return {@code false} also for types that nobody here knows
	 */
	public boolean isSingle() {
		return SINGLE.matcher(name).matches() && !name.equals(OBJECT) && !LIST.matcher(name).matches();
	}

	/**
	 * Returns the type of the elements of a list.
	 * @return {@code null} if this is no list
	 */
	public @Nullable ValueType element() {
		Matcher list = LIST.matcher(name);
		return list.matches() ? new ValueType((list.group(1) != null) ? list.group(1) : list.group(2)) : null;
	}

	/**
	 * Returns what stands below a key of this type, by an index.
	 * @return the type of the elements
	 */
	public ValueType indexed() {
		ValueType element = element();
		Matcher map = MAP.matcher(name);
		return (element != null) ? element
				: new ValueType((map.matches() && map.group(1) != null) ? map.group(1) : OBJECT);
	}

	/**
	 * Returns what stands below a key of this type, by names that nobody lists.
	 * @return {@code null} when nothing does
	 */
	public @Nullable ValueType named() {
		Matcher map = MAP.matcher(name);
		if (map.matches()) {
			return new ValueType((map.group(1) != null) ? map.group(1) : String.class.getName());
		}
		return (element() != null || name.equals(OBJECT)) ? new ValueType(OBJECT) : null;
	}

}
