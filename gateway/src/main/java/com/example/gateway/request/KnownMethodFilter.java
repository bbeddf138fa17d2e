package com.example.gateway.request;

import java.util.List;
import java.util.stream.Stream;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Refuses methods that no service can mean anything by: {@code CONNECT}, {@code TRACE}
 * and invented ones, each of which would also be a time series of its own.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class KnownMethodFilter implements WebFilter {

	private static final List<HttpMethod> KNOWN = Stream.of(HttpMethod.values())
		.filter((method) -> !method.equals(HttpMethod.TRACE))
		.toList();

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (KNOWN.contains(exchange.getRequest().getMethod())) {
			return chain.filter(exchange);
		}
		exchange.getResponse()
			.getHeaders()
			.set(HttpHeaders.ALLOW, String.join(", ", KNOWN.stream().map(HttpMethod::name).toList()));
		return Mono.error(new RefusedException(HttpStatus.METHOD_NOT_ALLOWED, "method", "must be one of " + KNOWN));
	}

}
