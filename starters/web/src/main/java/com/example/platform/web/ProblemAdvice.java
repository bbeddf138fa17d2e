package com.example.platform.web;

import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.util.StringUtils;
import org.springframework.validation.Errors;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Turns whatever Spring MVC refuses by itself into problem details that name each bad
 * field.
 */
@RestControllerAdvice
public final class ProblemAdvice extends ResponseEntityExceptionHandler {

	@Override
	protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(MethodArgumentNotValidException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return respond(ex, bindingErrors(ex).toList(), headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
			HandlerMethodValidationException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		List<FieldError> errors = ex.getParameterValidationResults()
			.stream()
			.flatMap(ProblemAdvice::fieldErrors)
			.toList();
		return respond(ex, errors, headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		for (Throwable cause = ex.getCause(); cause != null; cause = cause.getCause()) {
			// Refused while it was read, for its size or for lack of room.
			if (cause instanceof ErrorResponseException refused) {
				return handleErrorResponseException(refused, refused.getHeaders(), refused.getStatusCode(), request);
			}
			if (cause instanceof SocketTimeoutException) {
				// The rest of the body would be taken for the next request.
				headers.set(HttpHeaders.CONNECTION, "close");
				return respond(ex, new FieldError("body", "did not arrive in time"), headers,
						HttpStatus.REQUEST_TIMEOUT, request);
			}
		}
		return respond(ex, UnreadableBody.describe(ex.getCause()), headers, status, request);
	}

	/** Spring MVC reads the parts before it looks for who takes them. */
	@ExceptionHandler
	@Nullable ResponseEntity<Object> handleMultipart(MultipartException ex, WebRequest request) {
		return respond(ex, new FieldError("body", "is no complete multipart/form-data"), new HttpHeaders(),
				HttpStatus.BAD_REQUEST, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleTypeMismatch(TypeMismatchException ex, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		String field = (ex instanceof MethodArgumentTypeMismatchException argument) ? argument.getName()
				: Objects.requireNonNullElse(ex.getPropertyName(), "request");
		return respond(ex, new FieldError(field, "must be " + UnreadableBody.expected(ex.getRequiredType())), headers,
				status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
			MissingServletRequestParameterException ex, HttpHeaders headers, HttpStatusCode status,
			WebRequest request) {
		return respond(ex, new FieldError(ex.getParameterName(), "is missing"), headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleServletRequestBindingException(ServletRequestBindingException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		FieldError error = (ex instanceof MissingRequestHeaderException missing)
				? new FieldError(missing.getHeaderName(), "is missing") : new FieldError("request", "is incomplete");
		return respond(ex, error, headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(HttpMediaTypeNotSupportedException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return respond(ex, new FieldError(HttpHeaders.CONTENT_TYPE, "must be one of " + ex.getSupportedMediaTypes()),
				headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotAcceptable(HttpMediaTypeNotAcceptableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return respond(ex, new FieldError(HttpHeaders.ACCEPT, "must allow one of " + ex.getSupportedMediaTypes()),
				headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
			HttpRequestMethodNotSupportedException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		String[] supported = Objects.requireNonNullElse(ex.getSupportedMethods(), new String[0]);
		// The framework keeps them in a set without an order.
		Arrays.sort(supported);
		return respond(ex, new FieldError("method", "must be one of " + Arrays.toString(supported)), headers, status,
				request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(NoResourceFoundException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return respond(ex, new FieldError("path", "nothing is served here"), headers, status, request);
	}

	private @Nullable ResponseEntity<Object> respond(Exception ex, FieldError error, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		return respond(ex, List.of(error), headers, status, request);
	}

	private @Nullable ResponseEntity<Object> respond(Exception ex, List<FieldError> errors, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		return handleExceptionInternal(ex, Problems.of(status, errors), headers, status, request);
	}

	private static Stream<FieldError> fieldErrors(ParameterValidationResult result) {
		if (result instanceof ParameterErrors errors) {
			return bindingErrors(errors);
		}
		String field = name(result.getMethodParameter());
		return result.getResolvableErrors().stream().map((error) -> new FieldError(field, reason(error)));
	}

	private static Stream<FieldError> bindingErrors(Errors errors) {
		return errors.getAllErrors()
			.stream()
			.map((error) -> new FieldError(
					(error instanceof org.springframework.validation.FieldError field) ? field.getField() : "body",
					reason(error)));
	}

	/** The name that the sender knows a parameter of a handler by. */
	static String name(MethodParameter parameter) {
		RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
		if (header != null && StringUtils.hasText(header.name())) {
			return header.name();
		}
		RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
		if (query != null && StringUtils.hasText(query.name())) {
			return query.name();
		}
		return Objects.requireNonNullElse(parameter.getParameterName(), "request");
	}

	private static String reason(MessageSourceResolvable error) {
		return Objects.requireNonNullElse(error.getDefaultMessage(), "is not valid");
	}

}
