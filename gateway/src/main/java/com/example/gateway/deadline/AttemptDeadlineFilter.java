package com.example.gateway.deadline;

import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Ends each attempt when no time is left. Runs behind load balancing and what observes
 * the balanced call, which count that against an instance.
 */
@Component
final class AttemptDeadlineFilter implements GlobalFilter, Ordered {

	@Override
	public int getOrder() {
		return ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER + 2;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Deadline deadline = exchange.getAttribute(Deadline.ATTRIBUTE);
		if (deadline == null) {
			return chain.filter(exchange);
		}
		Mono<Void> attempt = chain.filter(exchange);
		return deadline.chosenByCaller() ? attempt : deadline.enforce(attempt, exchange);
	}

}
