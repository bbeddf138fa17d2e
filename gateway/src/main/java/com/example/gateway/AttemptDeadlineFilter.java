package com.example.gateway;

import com.example.platform.loadbalancing.springcloud.BalancedCallFilter;
import com.example.platform.propagation.RequestTimeout;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Tells the service with each attempt how much time is left, and ends the attempt when
 * that is over. Runs behind load balancing, which counts that against an instance.
 */
@Component
final class AttemptDeadlineFilter implements GlobalFilter, Ordered {

	@Override
	public int getOrder() {
		return BalancedCallFilter.ORDER + 1;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Deadline deadline = exchange.getAttribute(Deadline.ATTRIBUTE);
		if (deadline == null) {
			return chain.filter(exchange);
		}
		ServerHttpRequest request = exchange.getRequest()
			.mutate()
			.header(RequestTimeout.HEADER, RequestTimeout.format(deadline.timeLeft()))
			.build();
		Mono<Void> attempt = chain.filter(exchange.mutate().request(request).build());
		return deadline.chosenByCaller() ? attempt : deadline.enforce(attempt, exchange);
	}

}
