package com.example.platform.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.LongConsumer;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/**
 * A request that tells how much of its body has been read.
 */
public final class CountedRequest extends HttpServletRequestWrapper {

	private final LongConsumer listener;

	/**
	 * Counts what is read of a request.
	 * @param request the request
	 * @param listener is told the number of bytes so far after each read, by the reading
	 * thread; what it throws ends the read
	 */
	public CountedRequest(HttpServletRequest request, LongConsumer listener) {
		super(request);
		this.listener = listener;
	}

	@Override
	public ServletInputStream getInputStream() throws IOException {
		return new CountedInputStream(super.getInputStream());
	}

	@Override
	public BufferedReader getReader() throws IOException {
		String encoding = Objects.requireNonNullElse(getCharacterEncoding(), StandardCharsets.UTF_8.name());
		return new BufferedReader(new InputStreamReader(getInputStream(), encoding));
	}

	private final class CountedInputStream extends ServletInputStream {

		private final ServletInputStream body;

		private long bytes;

		private CountedInputStream(ServletInputStream body) {
			this.body = body;
		}

		@Override
		public int read() throws IOException {
			int value = body.read();
			if (value >= 0) {
				count(1);
			}
			return value;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			int read = body.read(buffer, offset, length);
			count(Math.max(read, 0));
			return read;
		}

		private void count(int read) {
			bytes += read;
			listener.accept(bytes);
		}

		@Override
		public boolean isFinished() {
			return body.isFinished();
		}

		@Override
		public boolean isReady() {
			return body.isReady();
		}

		@Override
		public void setReadListener(ReadListener listener) {
			body.setReadListener(listener);
		}

		@Override
		public void close() throws IOException {
			body.close();
		}

	}

}
