package com.example.platform.loadbalancing.springcloud;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;

/**
 * Chooses the instance of a request to {@code lb://SERVICE}. Spring Cloud Gateway's own
 * filter, which comes next, looks up beans and copies the headers for each request, to
 * tell listeners of it. It is left to that filter to choose where there are listeners or
 * another balancer than ours, and to wait where no instance is known.
 */
public final class BalancedChoiceFilter implements GlobalFilter, Ordered {

	private final LoadBalancerClientFactory factory;

	// As many as there are services in routes.
	private final Map<String, Optional<CalledServiceReactorLoadBalancer>> balancers = new ConcurrentHashMap<>();

	/**
	 * Creates the filter.
	 * @param factory has the balancer of each service
	 */
	public BalancedChoiceFilter(LoadBalancerClientFactory factory) {
		this.factory = factory;
	}

	@Override
	public int getOrder() {
		return ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER - 1;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Map<String, Object> attributes = exchange.getAttributes();
		if (attributes.get(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR) instanceof URI url
				&& "lb".equals(url.getScheme())
				&& !attributes.containsKey(ServerWebExchangeUtils.GATEWAY_SCHEME_PREFIX_ATTR)) {
			Response<ServiceInstance> chosen = choose(url.getHost(), exchange);
			ServiceInstance instance = (chosen != null) ? chosen.getServer() : null;
			if (instance != null) {
				ServerWebExchangeUtils.addOriginalRequestUrl(exchange, url);
				attributes.put(ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR, chosen);
				attributes.put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR,
						at(instance, exchange.getRequest().getURI()));
			}
		}
		return chain.filter(exchange);
	}

	private @Nullable Response<ServiceInstance> choose(String service, ServerWebExchange exchange) {
		Optional<CalledServiceReactorLoadBalancer> balancer = balancers.computeIfAbsent(service, this::balancer);
		return balancer.isEmpty() ? null
				: balancer.get().chooseAtOnce(exchange.getRequest().getHeaders(), exchange.getAttributes());
	}

	private Optional<CalledServiceReactorLoadBalancer> balancer(String service) {
		boolean unheard = factory.getInstances(service, LoadBalancerLifecycle.class).isEmpty();
		return (unheard && factory.getInstance(service,
				ReactorServiceInstanceLoadBalancer.class) instanceof CalledServiceReactorLoadBalancer ours)
						? Optional.of(ours) : Optional.empty();
	}

	private static URI at(ServiceInstance instance, URI asked) {
		String host = instance.getHost();
		StringBuilder text = new StringBuilder(instance.isSecure() ? "https://" : "http://")
			.append((host.indexOf(':') < 0) ? host : "[" + host + "]")
			.append(':')
			.append(instance.getPort())
			.append(asked.getRawPath());
		if (asked.getRawQuery() != null) {
			text.append('?').append(asked.getRawQuery());
		}
		return URI.create(text.toString());
	}

}
