package com.example.platform.web;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a request whose headers or parameters cannot be taken as what a handler wants:
 * that are missing, of another type, or given twice where one is taken. All are named;
 * Spring would stop at the first, join two headers to a third value, and ignore a second
 * parameter.
 */
public final class SingleValues implements HandlerInterceptor {

	// Those with several values, and files, which are no parameters.
	private static final List<Class<?>> TAKEN_WHOLE = List.of(Collection.class, Map.class, HttpHeaders.class,
			MultipartFile.class, Part.class);

	private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

	private final List<String> headers;

	private final ObjectProvider<ConversionService> conversions;

	/**
	 * Creates the interceptor.
	 * @param headers names of headers that are read before a handler is called
	 * @param conversions reads values as Spring MVC does
	 */
	public SingleValues(List<String> headers, ObjectProvider<ConversionService> conversions) {
		this.headers = headers;
		this.conversions = conversions;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		List<FieldError> errors = new ArrayList<>();
		headers.forEach((name) -> addIfSeveral(name, Collections.list(request.getHeaders(name)), errors));
		if (handler instanceof HandlerMethod method) {
			for (MethodParameter parameter : method.getMethodParameters()) {
				parameter.initParameterNameDiscovery(names);
				check(request, parameter, errors);
			}
		}
		if (!errors.isEmpty()) {
			throw new ErrorResponseException(HttpStatus.BAD_REQUEST,
					Problems.of(HttpStatus.BAD_REQUEST, errors.stream().distinct().toList()), null);
		}
		return true;
	}

	private void check(HttpServletRequest request, MethodParameter parameter, List<FieldError> errors) {
		Class<?> type = parameter.getParameterType();
		if (type.isArray() || TAKEN_WHOLE.stream().anyMatch((whole) -> whole.isAssignableFrom(type))) {
			return;
		}
		String name = ProblemAdvice.name(parameter);
		RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
		RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
		if (header != null) {
			check(name, Collections.list(request.getHeaders(name)),
					header.required() && header.defaultValue().equals(ValueConstants.DEFAULT_NONE), parameter, errors);
		}
		if (query != null) {
			String @Nullable [] values = request.getParameterValues(name);
			check(name, (values != null) ? List.of(values) : List.of(),
					query.required() && query.defaultValue().equals(ValueConstants.DEFAULT_NONE), parameter, errors);
		}
	}

	private void check(String name, List<String> values, boolean required, MethodParameter parameter,
			List<FieldError> errors) {
		addIfSeveral(name, values, errors);
		if (values.isEmpty() && required && !parameter.isOptional()) {
			errors.add(new FieldError(name, "is missing"));
		}
		if (values.size() == 1) {
			try {
				conversions.getObject().convert(values.get(0), new TypeDescriptor(parameter));
			}
			catch (ConverterNotFoundException ex) {
				// The handler has its own way to read it.
			}
			catch (ConversionException ex) {
				errors.add(new FieldError(name, "must be " + UnreadableBody.expected(parameter.getParameterType())));
			}
		}
	}

	private static void addIfSeveral(String name, List<String> values, List<FieldError> errors) {
		if (values.size() > 1) {
			errors.add(new FieldError(name, "must be given once, not " + values.size() + " times"));
		}
	}

}
