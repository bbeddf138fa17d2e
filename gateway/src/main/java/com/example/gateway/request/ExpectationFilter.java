package com.example.gateway.request;

import com.example.gateway.problem.RefusedException;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Refuses expectations other than {@code 100-continue}, the only one there is (RFC 9110,
 * section 10.1.1). Tomcat refuses them too, but then closes the connection without
 * announcing it, and the request that is sent next on it is lost.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class ExpectationFilter implements WebFilter {

	private static final String CONTINUE = "100-continue";

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		boolean known = exchange.getRequest()
			.getHeaders()
			.getOrEmpty(HttpHeaders.EXPECT)
			.stream()
			.allMatch(CONTINUE::equalsIgnoreCase);
		return known ? chain.filter(exchange)
				: Mono.error(new RefusedException(HttpStatus.EXPECTATION_FAILED, "Expect", "must be " + CONTINUE));
	}

}
