package com.example.platform.loadbalancing.springcloud;

import reactor.core.publisher.Mono;

import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * Tells the nodes what became of the gateway's calls. Spring Cloud LoadBalancer's own
 * lifecycle hears nothing of a call whose client went away, and would count it as in
 * flight for ever. A request that is repeated goes to an instance where it was not sent
 * before, if there is one.
 */
public final class BalancedCallFilter implements GlobalFilter, Ordered {

	/**
	 * Order of the filter: right behind the choice of the instance.
	 */
	public static final int ORDER = ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER + 1;

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		if (!(exchange
			.getAttribute(ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR) instanceof Response<?> response)
				|| !(response.getServer() instanceof BalancedCall call)) {
			return chain.filter(exchange);
		}
		return Mono.defer(() -> {
			call.start();
			call.rememberIn(exchange.getAttributes());
			return chain.filter(exchange)
				.doOnSuccess((nothing) -> call.answered(status(exchange), exchange.getResponse().getHeaders()))
				.doOnError((failure) -> end(call, failure))
				.doOnCancel(call::cancelled);
		});
	}

	// Such as a body that is too large or never comes whole: the gateway's own refusal of
	// what the caller sends while it is sent on.
	private static void end(BalancedCall call, Throwable failure) {
		if (failure instanceof ErrorResponse response && response.getStatusCode().is4xxClientError()) {
			call.cancelled();
		}
		else {
			call.failed(failure);
		}
	}

	private static int status(ServerWebExchange exchange) {
		HttpStatusCode status = exchange.getResponse().getStatusCode();
		if (status == null || status.value() == 200) {
			// Of an upgrade, the response does not tell.
			return (exchange.getRequest().getHeaders().getUpgrade() != null) ? BalancedCall.SWITCHED : 200;
		}
		return status.value();
	}

}
