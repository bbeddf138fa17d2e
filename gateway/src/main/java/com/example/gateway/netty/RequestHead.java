package com.example.gateway.netty;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.example.gateway.problem.RefusedException;

import org.springframework.http.HttpStatus;

/**
 * Request line and header lines as they came, held against RFC 9110 and 9112. Where a
 * recipient may repair or refuse, they are refused: what one repairs, the next reads
 * differently. Netty's decoder repairs some, such as folded lines, before anybody sees
 * them.
 */
final class RequestHead {

	/**
	 * Instead of the length of a body that comes in chunks.
	 */
	static final long CHUNKED = -1;

	private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";

	private static final String VALUE = "[\\t\\x20-\\x7e\\x80-\\xff]*+";

	private static final String AUTHORITY = "(?:\\[[0-9A-Fa-f:.]+]|[0-9A-Za-z._-]+)(?::(\\d{1,5}))?";

	private static final Pattern REQUEST_LINE = Pattern
		.compile("(" + TOKEN + ") ([\\x21-\\x7e\\x80-\\xff]++) HTTP/(\\d)\\.(\\d)");

	private static final Pattern HEADER_LINE = Pattern.compile("(" + TOKEN + "):(" + VALUE + ")");

	private static final Pattern HOST = Pattern.compile(AUTHORITY);

	private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/?]*+)(?:[/?].*+)?");

	// RFC 9110, section 7.6.1: those that are meant for all recipients. Who takes one off
	// on the way changes the request.
	private static final Set<String> END_TO_END = Set.of("authorization", "cache-control", "content-encoding",
			"content-length", "content-type", "cookie", "host");

	private final int maxLines;

	private final Map<String, List<String>> headers = new HashMap<>();

	private String method = "";

	private String target = "/";

	private boolean http10;

	private int lines;

	/**
	 * Begins a request.
	 * @param maxLines most header lines that it may have
	 */
	RequestHead(int maxLines) {
		this.maxLines = maxLines;
	}

	/**
	 * Returns whether nothing has come yet but empty lines, which are ignored here (RFC
	 * 9112, section 2.2).
	 */
	boolean isEmpty() {
		return method.isEmpty();
	}

	String method() {
		return method;
	}

	String target() {
		return target;
	}

	/**
	 * Returns the values of a header, line by line.
	 * @param name its name in lower case
	 */
	List<String> values(String name) {
		return headers.getOrDefault(name, List.of());
	}

	/**
	 * Takes the next line.
	 * @param line the line without its end; the bytes are the characters
	 * @throws RefusedException if no request has such a line
	 */
	void add(String line) {
		if (isEmpty()) {
			requestLine(line);
			return;
		}
		if (++lines > maxLines) {
			throw new RefusedException(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers",
					"may have at most " + maxLines + " lines");
		}
		headerLine(line, headers);
	}

	// RFC 9112, section 3.
	private void requestLine(String line) {
		Matcher parts = REQUEST_LINE.matcher(line);
		if (!parts.matches()) {
			throw bad("request line", "must be a method, a target and HTTP/1.1, with one space between them");
		}
		method = parts.group(1);
		target = parts.group(2);
		// A higher minor version is treated as 1.1 (RFC 9110, section 2.5).
		http10 = parts.group(4).equals("0");
		if (!parts.group(3).equals("1")) {
			throw new RefusedException(HttpStatus.HTTP_VERSION_NOT_SUPPORTED, "version", "must be HTTP/1.1");
		}
		boolean known = method.equals("CONNECT") ? isAuthority(target)
				: target.startsWith("/") || (target.equals("*") && method.equals("OPTIONS"))
						|| authority(target).filter(RequestHead::isAuthority).isPresent();
		if (!known || target.indexOf('#') >= 0) {
			throw bad("target", "must be a path or a URL of http or https, without user and fragment");
		}
	}

	/**
	 * Returns whom a target names that is a whole URL.
	 * @param target what stands in the request line
	 * @return host and port; empty for a path
	 */
	static Optional<String> authority(String target) {
		Matcher absolute = ABSOLUTE.matcher(target);
		return absolute.matches() ? Optional.of(absolute.group(1)) : Optional.empty();
	}

	/**
	 * Reads a line of a header or trailer section (RFC 9112, section 5).
	 * @param line the line without its end
	 * @param into takes the value, below the name in lower case
	 * @throws RefusedException if it is none
	 */
	static void headerLine(String line, Map<String, List<String>> into) {
		if (line.startsWith(" ") || line.startsWith("\t")) {
			throw bad("headers", "may not be folded");
		}
		Matcher parts = HEADER_LINE.matcher(line);
		if (!parts.matches()) {
			throw bad("headers", "must be names, each with a colon at once, and values without control characters");
		}
		into.computeIfAbsent(parts.group(1).toLowerCase(Locale.ROOT), (name) -> new ArrayList<>(1))
			.add(parts.group(2).strip());
	}

	/**
	 * Checks what several lines say together, when all are there.
	 * @return the length of the body, or {@link #CHUNKED}
	 * @throws RefusedException if it is not clear who is asked for what, or where the
	 * request ends
	 */
	long bodyLength() {
		List<String> host = values("host");
		// RFC 9112, section 3.2.
		if (host.size() > 1 || (host.isEmpty() && !http10)) {
			throw bad("Host", "must be given once");
		}
		if (!host.stream().allMatch(RequestHead::isAuthority)) {
			throw bad("Host", "must be a name or an address, with a port or without");
		}
		if (elements("connection").anyMatch(END_TO_END::contains)) {
			throw bad("Connection", "may not name what is meant for all recipients");
		}
		List<String> length = values("content-length");
		if (headers.containsKey("transfer-encoding")) {
			return chunked(length.isEmpty());
		}
		// RFC 9110, section 8.6.
		if (length.size() > 1 || !length.stream().allMatch((value) -> value.matches("\\d+"))) {
			throw bad("Content-Length", "must be one number");
		}
		if (length.stream().anyMatch((value) -> value.length() > 18)) {
			throw new RefusedException(HttpStatus.CONTENT_TOO_LARGE, "body", "is larger than anything");
		}
		return length.isEmpty() ? 0 : Long.parseLong(length.get(0));
	}

	// RFC 9112, sections 6.1 and 6.3.
	private long chunked(boolean alone) {
		List<String> codings = elements("transfer-encoding").toList();
		int last = codings.size() - 1;
		if (http10 || !alone) {
			throw bad("Transfer-Encoding", "may stand neither in HTTP/1.0 nor beside Content-Length");
		}
		if (codings.indexOf("chunked") != last || last < 0) {
			throw bad("Transfer-Encoding", "must end with chunked and have it once");
		}
		if (last > 0) {
			throw new RefusedException(HttpStatus.NOT_IMPLEMENTED, "Transfer-Encoding", "must be chunked");
		}
		return CHUNKED;
	}

	private Stream<String> elements(String name) {
		return values(name).stream()
			.flatMap((value) -> Stream.of(value.split(",", -1)))
			.map((element) -> element.strip().toLowerCase(Locale.ROOT));
	}

	private static boolean isAuthority(String text) {
		Matcher parts = HOST.matcher(text);
		return parts.matches() && (parts.group(1) == null || Integer.parseInt(parts.group(1)) <= 65_535);
	}

	private static RefusedException bad(String field, String reason) {
		return new RefusedException(HttpStatus.BAD_REQUEST, field, reason);
	}

}
