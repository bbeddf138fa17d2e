package com.example.order.watching;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.example.order.placing.OrderRefusedException;

import static com.example.order.placing.OrderRefusedException.Reason.INVALID;

/**
 * A place in the sequence of all events: behind one event and before the next.
 *
 * @param transactionId the transaction that wrote the event, as PostgreSQL numbers them
 * @param eventId the event within its transaction
 */
record Cursor(long transactionId, long eventId) implements Comparable<Cursor> {

	private static final Comparator<Cursor> ORDER = Comparator.comparingLong(Cursor::transactionId)
		.thenComparingLong(Cursor::eventId);

	private static final Pattern FORMAT = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

	/**
	 * Reads what {@link #toString()} wrote.
	 * @throws OrderRefusedException if that did not write it
	 */
	static Cursor parse(String text) {
		Matcher matcher = FORMAT.matcher(text);
		if (!matcher.matches()) {
			throw new OrderRefusedException(INVALID, "after", "must be empty or a cursor received before");
		}
		return new Cursor(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
	}

	@Override
	public int compareTo(Cursor other) {
		return ORDER.compare(this, other);
	}

	@Override
	public String toString() {
		return transactionId + "-" + eventId;
	}

}
