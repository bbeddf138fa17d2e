package com.example.launcher.cli;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Quantities as people write them: a number and its unit.
 */
final class Quantities {

	private static final Pattern QUANTITY = Pattern.compile("(\\d{1,9})([a-z]*)");

	private static final Map<String, Integer> MILLIS = Map.of("ms", 1, "s", 1_000, "m", 60_000, "h", 3_600_000);

	private static final Map<String, Integer> BYTES = Map.of("", 1, "b", 1, "kb", 1 << 10, "mb", 1 << 20);

	private Quantities() {
	}

	/** At most three decimals, which are left out when there is nothing in them. */
	static String number(double number) {
		return new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(number);
	}

	private static long parse(String text, Map<String, Integer> units, String remedy) {
		Matcher quantity = QUANTITY.matcher(text.toLowerCase(Locale.ROOT));
		Integer unit = quantity.matches() ? units.get(quantity.group(2)) : null;
		if (unit == null) {
			throw new TypeConversionException("'%s' is %s.".formatted(text, remedy));
		}
		return Long.parseLong(quantity.group(1)) * unit;
	}

	/**
	 * A time above zero.
	 */
	static final class Time implements ITypeConverter<Duration> {

		@Override
		public Duration convert(String text) {
			Duration time = Duration.ofMillis(parse(text, MILLIS, "no time. Write it like 500ms, 30s, 5m or 1h"));
			if (time.isZero()) {
				throw new TypeConversionException("'%s' is no time at all. Use 1ms or more.".formatted(text));
			}
			return time;
		}

	}

	/**
	 * A number of bytes.
	 */
	static final class Size implements ITypeConverter<Integer> {

		@Override
		public Integer convert(String text) {
			return (int) Math.min(Integer.MAX_VALUE, parse(text, BYTES, "no size. Write it like 500, 900KB or 1MB"));
		}

	}

}
