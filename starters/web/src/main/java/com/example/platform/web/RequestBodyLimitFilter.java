package com.example.platform.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses request bodies above a size: by their declared length before anything is read,
 * and by counting what is read of those that declare none.
 */
public final class RequestBodyLimitFilter extends OncePerRequestFilter {

	private final DataSize limit;

	private final HandlerExceptionResolver exceptions;

	/**
	 * Creates a filter.
	 * @param limit the largest body that is accepted
	 * @param exceptions renders the refusal
	 */
	public RequestBodyLimitFilter(DataSize limit, HandlerExceptionResolver exceptions) {
		this.limit = limit;
		this.exceptions = exceptions;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (request.getContentLengthLong() > limit.toBytes()) {
			exceptions.resolveException(request, response, null, new RequestBodyTooLargeException(limit));
		}
		else {
			chain.doFilter(new LimitedRequest(request), response);
		}
	}

	private final class LimitedRequest extends HttpServletRequestWrapper {

		private LimitedRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			return new LimitedInputStream(super.getInputStream());
		}

		@Override
		public BufferedReader getReader() throws IOException {
			String encoding = Objects.requireNonNullElse(getCharacterEncoding(), StandardCharsets.UTF_8.name());
			return new BufferedReader(new InputStreamReader(getInputStream(), encoding));
		}

	}

	private final class LimitedInputStream extends ServletInputStream {

		private final ServletInputStream body;

		private long count;

		private LimitedInputStream(ServletInputStream body) {
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
			count += read;
			if (count > limit.toBytes()) {
				throw new RequestBodyTooLargeException(limit);
			}
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
