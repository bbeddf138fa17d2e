package com.example.platform.web;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractJacksonHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * Refuses JSON that is not valid UTF-8. Jackson checks less: it reads forms that are too
 * long, which hide a quote from those who look for one, and code points that do not
 * exist.
 */
@RestControllerAdvice
public final class Utf8BodyAdvice extends RequestBodyAdviceAdapter {

	@Override
	public boolean supports(MethodParameter parameter, Type type,
			Class<? extends HttpMessageConverter<?>> converterType) {
		return AbstractJacksonHttpMessageConverter.class.isAssignableFrom(converterType);
	}

	@Override
	public HttpInputMessage beforeBodyRead(HttpInputMessage message, MethodParameter parameter, Type type,
			Class<? extends HttpMessageConverter<?>> converterType) {
		MediaType contentType = message.getHeaders().getContentType();
		boolean other = contentType != null && contentType.getCharset() != null
				&& !StandardCharsets.UTF_8.equals(contentType.getCharset());
		return other ? message : new Utf8Message(message);
	}

	private record Utf8Message(HttpInputMessage message) implements HttpInputMessage {

		@Override
		public HttpHeaders getHeaders() {
			return message.getHeaders();
		}

		@Override
		public InputStream getBody() throws IOException {
			return new Utf8InputStream(message.getBody());
		}

	}

}
