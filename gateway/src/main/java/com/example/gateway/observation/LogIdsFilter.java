package com.example.gateway.observation;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Has the log lines about a request show its ids, from its beginning to its end. It comes
 * before all other filters.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class LogIdsFilter implements WebFilter {

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		return LogIds.of(exchange).during(chain.filter(exchange));
	}

}
