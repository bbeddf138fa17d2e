package com.example.platform.observability.servlet;

import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.Set;

import com.example.platform.defaults.RequestId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives every request an id and says in every response which id it was and which instance
 * answered. Runs before tracing reads the headers.
 */
public final class RequestIdFilter extends OncePerRequestFilter implements Ordered {

	private final String instanceId;

	/**
	 * Creates the filter.
	 * @param instanceId this instance
	 */
	public RequestIdFilter(String instanceId) {
		this.instanceId = instanceId;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String requestId = RequestId.acceptOrCreate(request.getHeader(RequestId.HEADER));
		response.setHeader(RequestId.HEADER, requestId);
		response.setHeader(RequestId.INSTANCE_HEADER, instanceId);
		chain.doFilter(new RequestWithId(request, requestId), response);
	}

	private static final class RequestWithId extends HttpServletRequestWrapper {

		private final String requestId;

		private RequestWithId(HttpServletRequest request, String requestId) {
			super(request);
			this.requestId = requestId;
		}

		@Override
		public @Nullable String getHeader(String name) {
			return RequestId.HEADER.equalsIgnoreCase(name) ? requestId : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return RequestId.HEADER.equalsIgnoreCase(name) ? Collections.enumeration(Set.of(requestId))
					: super.getHeaders(name);
		}

		@Override
		public Enumeration<String> getHeaderNames() {
			Set<String> names = new LinkedHashSet<>(Collections.list(super.getHeaderNames()));
			names.removeIf(RequestId.HEADER::equalsIgnoreCase);
			names.add(RequestId.HEADER);
			return Collections.enumeration(names);
		}

	}

}
