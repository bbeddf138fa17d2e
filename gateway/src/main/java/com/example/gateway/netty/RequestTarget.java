package com.example.gateway.netty;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HexFormat;

import org.springframework.web.util.UriComponentsBuilder;

/**
 * The path and query of a request line. Clients send what RFC 3986 does not allow, such
 * as {@code [} or unencoded text; {@link java.net.URI} refuses part of that, and Spring's
 * {@code UriComponents} encodes a whole query a second time that has another part.
 * {@link #legal()} is what both leave as it is.
 *
 * @param path all before the first question mark
 * @param query the question mark and all behind it; empty for none
 */
record RequestTarget(String path, String query) {

	private static final BitSet PATH = characters(
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/");

	private static final BitSet QUERY = characters("?", PATH);

	/**
	 * Returns the target of a request line, without scheme and authority if it has them.
	 * @param line what stands between method and version
	 * @return the target
	 */
	static RequestTarget of(String line) {
		int begin = 0;
		int scheme = line.indexOf("://");
		if (!line.startsWith("/") && scheme >= 0) {
			begin = scheme + 3;
			while (begin < line.length() && "/?#".indexOf(line.charAt(begin)) < 0) {
				begin++;
			}
		}
		int query = line.indexOf('?', begin);
		return (query < 0) ? new RequestTarget(line.substring(begin), "")
				: new RequestTarget(line.substring(begin, query), line.substring(query));
	}

	/**
	 * Returns the target with all encoded that is not allowed.
	 * @return a target that means the same to a server that decodes it
	 * @throws IllegalArgumentException if it has control characters, bytes that are no
	 * UTF-8, or a percent sign in its path that begins no encoded byte
	 */
	RequestTarget legal() {
		return new RequestTarget(legal(path, PATH, false), query.isEmpty() ? "" : "?" + legalQuery(query.substring(1)));
	}

	/**
	 * Returns what becomes of the target on the way through Spring.
	 * @return the target that is sent to the service unless a filter changes it
	 */
	RequestTarget throughSpring() {
		boolean encoded = toString().indexOf('%') >= 0;
		URI uri = UriComponentsBuilder.fromUri(URI.create("http://service" + this)).build(encoded).toUri();
		return new RequestTarget(uri.getRawPath(), (uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "");
	}

	/**
	 * Returns the target as a text that is the same bytes in UTF-8 as the target is in
	 * Latin-1. Netty reads request lines in Latin-1 and writes them in UTF-8.
	 * @return the text to write
	 * @throws IllegalArgumentException if the bytes are no UTF-8
	 */
	String written() {
		ByteBuffer bytes = ByteBuffer.wrap(toString().getBytes(StandardCharsets.ISO_8859_1));
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException("must be UTF-8", ex);
		}
	}

	@Override
	public String toString() {
		return path + query;
	}

	// A second equals sign in a parameter is what Spring takes for something not encoded.
	private static String legalQuery(String query) {
		StringBuilder legal = new StringBuilder();
		String parameters = legal(query, QUERY, true);
		boolean named = false;
		for (int i = 0; i < parameters.length(); i++) {
			char c = parameters.charAt(i);
			legal.append((c == '=' && named) ? "%3D" : String.valueOf(c));
			named = c != '&' && (named || c == '=');
		}
		return legal.toString();
	}

	private static String legal(String text, BitSet allowed, boolean percentAllowed) {
		StringBuilder legal = new StringBuilder(text.length());
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (Character.isISOControl(c) && c < 0x80) {
				throw new IllegalArgumentException("may have no control character");
			}
			boolean encoded = c == '%' && i + 2 < text.length() && HexFormat.isHexDigit(text.charAt(i + 1))
					&& HexFormat.isHexDigit(text.charAt(i + 2));
			if (c == '%' && !encoded && !percentAllowed) {
				throw new IllegalArgumentException("may have no percent sign without a byte");
			}
			if (encoded || allowed.get(c)) {
				legal.append(c);
			}
			else {
				legal.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
			}
		}
		return legal.toString();
	}

	private static BitSet characters(String characters, BitSet... more) {
		BitSet set = new BitSet();
		characters.chars().forEach(set::set);
		for (BitSet other : more) {
			set.or(other);
		}
		return set;
	}

}
