package com.example.platform.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import com.example.platform.defaults.RequestId;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import org.springframework.web.util.UriUtils;

/**
 * Gives every problem detail (RFC 9457) the members that all errors of the platform have:
 * {@code type}, {@code title}, {@code status}, {@code detail}, {@code instance},
 * {@code requestId}, and {@code traceId} if there is a trace.
 */
@RestControllerAdvice
public final class ProblemMembers implements ResponseBodyAdvice<Object> {

	private static final boolean TRACING = ClassUtils
		.isPresent("io.micrometer.tracing.handler.TracingObservationHandler", ProblemMembers.class.getClassLoader());

	@Override
	public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returned, MediaType type,
			Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
			ServerHttpResponse response) {
		if (body instanceof ProblemDetail problem && request instanceof ServletServerHttpRequest asked
				&& response instanceof ServletServerHttpResponse answer) {
			complete(problem, asked.getServletRequest(), answer.getServletResponse());
		}
		return body;
	}

	/**
	 * Completes a problem that is not written by Spring MVC.
	 * @param problem what went wrong
	 * @param request what was asked
	 * @param response the answer, which gets the id of the request if it has none
	 */
	public static void complete(ProblemDetail problem, HttpServletRequest request, HttpServletResponse response) {
		problem.setType(Objects.requireNonNullElse(problem.getType(), URI.create("about:blank")));
		problem.setDetail(Objects.requireNonNullElse(problem.getDetail(), "The request could not be processed."));
		problem.setInstance(Objects.requireNonNullElseGet(problem.getInstance(),
				() -> instance(Objects.requireNonNullElse(request.getRequestURI(), "/"))));
		// Who gives requests their ids says so in the answer first.
		String requestId = RequestId.acceptOrCreate(response.getHeader(RequestId.HEADER));
		response.setHeader(RequestId.HEADER, requestId);
		problem.setProperty("requestId", requestId);
		String traceId = TRACING ? Traces.id(request) : null;
		if (traceId != null) {
			problem.setProperty("traceId", traceId);
		}
	}

	/** A path as it was sent, with what no URI may have encoded. */
	static URI instance(String path) {
		try {
			return new URI(path);
		}
		catch (URISyntaxException ex) {
			return URI.create(UriUtils.encodePath(path, StandardCharsets.UTF_8));
		}
	}

	/** Apart, since Spring looks at all methods of a bean, and tracing may be absent. */
	private static final class Traces {

		// The trace is over where the servlet container asks for a page about an error.
		private static @Nullable String id(HttpServletRequest request) {
			Span span = ServerHttpObservationFilter.findObservationContext(request)
				.map((context) -> context.<TracingContext>get(TracingContext.class))
				.map(TracingContext::getSpan)
				.orElse(null);
			return (span != null) ? span.context().traceId() : null;
		}

	}

}
