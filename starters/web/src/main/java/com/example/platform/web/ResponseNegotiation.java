package com.example.platform.web;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.util.MimeTypeUtils;
import org.springframework.util.StringUtils;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.ContentNegotiationStrategy;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Chooses the media type of the answer before the work is done: what no converter can
 * write, or the caller refuses by {@code q=0}, is answered by 406 before a controller
 * method is called, and before the body is read. Spring MVC looks only when there is
 * something to write. Errors are problem details whatever the caller accepts.
 */
public final class ResponseNegotiation implements HandlerInterceptor, ContentNegotiationStrategy {

	private static final String CHOSEN = ResponseNegotiation.class.getName();

	private static final List<Class<?>> WRAPPERS = List.of(HttpEntity.class, CompletionStage.class, Callable.class,
			DeferredResult.class, WebAsyncTask.class);

	private final ObjectProvider<RequestMappingHandlerAdapter> adapter;

	/**
	 * Creates a negotiation.
	 * @param adapter knows the converters of the application
	 */
	public ResponseNegotiation(ObjectProvider<RequestMappingHandlerAdapter> adapter) {
		this.adapter = adapter;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws HttpMediaTypeNotAcceptableException {
		Class<?> body = (handler instanceof HandlerMethod method) ? body(method) : null;
		if (body != null && request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) == null) {
			request.setAttribute(CHOSEN, List.of(choose(request, body)));
		}
		return true;
	}

	/**
	 * Lets what is written from now on, an error, have the media type of errors.
	 * @param request the request that failed
	 */
	public void failed(HttpServletRequest request) {
		request.setAttribute(CHOSEN, MEDIA_TYPE_ALL_LIST);
	}

	@Override
	@SuppressWarnings("unchecked") // nobody else uses this attribute
	public List<MediaType> resolveMediaTypes(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
		if (request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE, RequestAttributes.SCOPE_REQUEST) != null) {
			return MEDIA_TYPE_ALL_LIST;
		}
		Object chosen = request.getAttribute(CHOSEN, RequestAttributes.SCOPE_REQUEST);
		if (chosen != null) {
			return (List<MediaType>) chosen;
		}
		List<MediaType> acceptable = ranges(request.getHeaderValues(HttpHeaders.ACCEPT)).stream()
			.filter((range) -> range.getQualityValue() > 0)
			.toList();
		if (acceptable.isEmpty()) {
			throw new HttpMediaTypeNotAcceptableException(List.of());
		}
		return acceptable;
	}

	private MediaType choose(HttpServletRequest request, Class<?> body) throws HttpMediaTypeNotAcceptableException {
		List<MediaType> ranges = ranges(
				Collections.list(request.getHeaders(HttpHeaders.ACCEPT)).toArray(String[]::new));
		List<HttpMessageConverter<?>> converters = adapter.getObject()
			.getMessageConverters()
			.stream()
			.filter((converter) -> converter.canWrite(body, null))
			.toList();
		List<MediaType> producible = producible(request, converters, body);
		for (MediaType range : ranges) {
			for (MediaType type : producible) {
				if (range.getQualityValue() > 0 && range.isCompatibleWith(type) && !isRefused(type, range, ranges)) {
					MediaType concrete = (range.isConcrete() ? range : type).removeQualityValue();
					if (concrete.isConcrete()
							&& converters.stream().anyMatch((converter) -> converter.canWrite(body, concrete))) {
						return concrete;
					}
				}
			}
		}
		throw new HttpMediaTypeNotAcceptableException(producible);
	}

	// A range that is none, or has a charset that nobody knows, allows nothing.
	private static List<MediaType> ranges(String @Nullable [] headers) {
		List<String> ranges = Stream.ofNullable(headers)
			.flatMap(Arrays::stream)
			.flatMap((header) -> MimeTypeUtils.tokenize(header).stream())
			.filter(StringUtils::hasText)
			.toList();
		List<MediaType> known = new ArrayList<>();
		for (String range : ranges) {
			try {
				known.add(MediaType.parseMediaType(range));
			}
			catch (InvalidMediaTypeException ex) {
				// As said above.
			}
		}
		MimeTypeUtils.sortBySpecificity(known);
		return ranges.isEmpty() ? MEDIA_TYPE_ALL_LIST : known;
	}

	@SuppressWarnings("unchecked") // as HandlerMapping says
	private static List<MediaType> producible(HttpServletRequest request, List<HttpMessageConverter<?>> converters,
			Class<?> body) {
		Object declared = request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE);
		return (declared != null) ? List.copyOf((Collection<MediaType>) declared)
				: converters.stream()
					.flatMap((converter) -> converter.getSupportedMediaTypes(body).stream())
					.distinct()
					.toList();
	}

	// RFC 9110, section 12.5.1: the most specific range that matches counts.
	private static boolean isRefused(MediaType type, MediaType range, List<MediaType> ranges) {
		return ranges.stream()
			.anyMatch((other) -> other.getQualityValue() == 0 && other.includes(type)
					&& specificity(other) >= specificity(range));
	}

	private static int specificity(MediaType range) {
		return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
	}

	// What is not known before the work, or is no single body, is left to Spring MVC.
	private static @Nullable Class<?> body(HandlerMethod method) {
		ResolvableType type = ResolvableType.forMethodParameter(method.getReturnType());
		boolean written = method.hasMethodAnnotation(ResponseBody.class)
				|| AnnotatedElementUtils.hasAnnotation(method.getBeanType(), ResponseBody.class)
				|| HttpEntity.class.isAssignableFrom(type.toClass());
		for (Class<?> wrapper = wrapper(type); wrapper != null; wrapper = wrapper(type)) {
			type = type.as(wrapper).getGeneric();
		}
		Class<?> body = type.resolve(Object.class);
		boolean unknown = body == Object.class || body == void.class || body == Void.class
				|| ResponseBodyEmitter.class.isAssignableFrom(body)
				|| StreamingResponseBody.class.isAssignableFrom(body)
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(body) != null;
		return (written && !unknown) ? body : null;
	}

	private static @Nullable Class<?> wrapper(ResolvableType type) {
		return Stream.ofNullable(type.resolve())
			.flatMap((raw) -> WRAPPERS.stream().filter((wrapper) -> wrapper.isAssignableFrom(raw)))
			.findFirst()
			.orElse(null);
	}

}
