package com.example.gateway.request;

import java.util.List;
import java.util.stream.Stream;

import com.example.gateway.problem.RefusedException;
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
 * Refuses methods that no service can mean anything by (RFC 9110, section 9.1):
 * {@code CONNECT} and {@code TRACE}, which are known but not allowed, and all others,
 * each of which would also be a time series of its own.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class KnownMethodFilter implements WebFilter {

	private static final List<HttpMethod> KNOWN = Stream.of(HttpMethod.values())
		.filter((method) -> !method.equals(HttpMethod.TRACE))
		.toList();

	private static final List<HttpMethod> NOT_ALLOWED = List.of(HttpMethod.TRACE, HttpMethod.valueOf("CONNECT"));

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpMethod method = exchange.getRequest().getMethod();
		if (KNOWN.contains(method)) {
			return chain.filter(exchange);
		}
		exchange.getResponse()
			.getHeaders()
			.set(HttpHeaders.ALLOW, String.join(", ", KNOWN.stream().map(HttpMethod::name).toList()));
		HttpStatus status = NOT_ALLOWED.contains(method) ? HttpStatus.METHOD_NOT_ALLOWED : HttpStatus.NOT_IMPLEMENTED;
		return Mono.error(new RefusedException(status, "method", "must be one of " + KNOWN));
	}

}
