package com.example.platform.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Passes on what it reads, and fails with a {@code CharacterCodingException} as soon as
 * that is no UTF-8.
 */
final class Utf8InputStream extends FilterInputStream {

	private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

	private final CharBuffer ignored = CharBuffer.allocate(1024);

	/** The beginning of a character whose end has not been read. */
	private ByteBuffer rest = ByteBuffer.allocate(0);

	Utf8InputStream(InputStream in) {
		super(in);
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : Byte.toUnsignedInt(one[0]);
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		int count = super.read(buffer, offset, length);
		ByteBuffer bytes = ByteBuffer.allocate(rest.remaining() + Math.max(count, 0)).put(rest);
		if (count > 0) {
			bytes.put(buffer, offset, count);
		}
		rest = check(bytes.flip(), count < 0);
		return count;
	}

	private ByteBuffer check(ByteBuffer bytes, boolean atEnd) throws IOException {
		CoderResult result;
		do {
			ignored.clear();
			result = decoder.decode(bytes, ignored, atEnd);
			if (result.isError()) {
				result.throwException();
			}
		}
		while (result.isOverflow());
		return bytes;
	}

}
