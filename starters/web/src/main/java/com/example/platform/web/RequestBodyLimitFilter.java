package com.example.platform.web;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
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
			chain.doFilter(new CountedRequest(request, (bytes) -> {
				if (bytes > limit.toBytes()) {
					throw new RequestBodyTooLargeException(limit);
				}
			}), response);
		}
	}

}
