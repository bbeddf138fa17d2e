package com.example.platform.web;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a request that gives a value twice where one is taken. Spring would join both
 * headers to a third value, or take the first parameter and ignore the second.
 */
public final class SingleValues implements HandlerInterceptor {

	private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

	private final List<String> headers;

	/**
	 * Creates the interceptor.
	 * @param headers names of headers that are read before a handler is called
	 */
	public SingleValues(List<String> headers) {
		this.headers = headers;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		headers.forEach((name) -> requireOneHeader(request, name));
		if (handler instanceof HandlerMethod method) {
			for (MethodParameter parameter : method.getMethodParameters()) {
				parameter.initParameterNameDiscovery(names);
				requireOne(request, parameter);
			}
		}
		return true;
	}

	private static void requireOne(HttpServletRequest request, MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		if (type.isArray() || Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
			return;
		}
		String name = ProblemAdvice.name(parameter);
		if (parameter.hasParameterAnnotation(RequestHeader.class)) {
			requireOneHeader(request, name);
		}
		if (parameter.hasParameterAnnotation(RequestParam.class)) {
			String @Nullable [] values = request.getParameterValues(name);
			requireOne(name, (values != null) ? values.length : 0);
		}
	}

	private static void requireOneHeader(HttpServletRequest request, String name) {
		requireOne(name, Collections.list(request.getHeaders(name)).size());
	}

	private static void requireOne(String name, int count) {
		if (count > 1) {
			throw new ErrorResponseException(HttpStatus.BAD_REQUEST,
					Problems.of(HttpStatus.BAD_REQUEST, name, "must be given once, not " + count + " times"), null);
		}
	}

}
