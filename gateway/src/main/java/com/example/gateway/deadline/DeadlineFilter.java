package com.example.gateway.deadline;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import com.example.platform.defaults.RequestTimeout;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Gives each request its deadline, which all attempts share: after the response timeout
 * of its route, or earlier if the caller asks for that by {@code X-Request-Timeout}.
 */
@Component
final class DeadlineFilter implements GlobalFilter, Ordered, ApplicationListener<RefreshRoutesEvent> {

	private final HttpClientProperties client;

	private final Map<Route, Route> withoutTimer = new ConcurrentHashMap<>();

	DeadlineFilter(HttpClientProperties client) {
		this.client = client;
	}

	@Override
	public int getOrder() {
		return Deadline.ORDER;
	}

	@Override
	public void onApplicationEvent(RefreshRoutesEvent event) {
		withoutTimer.clear();
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		Duration own = responseTimeout(route);
		exchange.getAttributes()
			.put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR,
					withoutTimer.computeIfAbsent(route, DeadlineFilter::withoutTimer));
		Optional<Duration> earlier = RequestTimeout
			.parse(exchange.getRequest().getHeaders().getFirst(RequestTimeout.HEADER))
			.filter((asked) -> own == null || asked.compareTo(own) < 0);
		if (earlier.isPresent()) {
			Deadline deadline = Deadline.after(earlier.get(), true);
			exchange.getAttributes().put(Deadline.ATTRIBUTE, deadline);
			// Out here the attempt is cancelled, which says nothing about the instance: a
			// caller in a hurry must not have it taken out.
			return deadline.enforce(chain.filter(exchange), exchange);
		}
		if (own != null) {
			exchange.getAttributes().put(Deadline.ATTRIBUTE, Deadline.after(own, false));
		}
		return chain.filter(exchange);
	}

	// Spring Cloud Gateway's own goes off at about the same moment, and knows neither
	// who is late nor that there are several attempts.
	private static Route withoutTimer(Route route) {
		Map<String, Object> metadata = new HashMap<>(route.getMetadata());
		metadata.put(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR, -1);
		return Route.async()
			.id(route.getId())
			.uri(route.getUri())
			.order(route.getOrder())
			.asyncPredicate(route.getPredicate())
			.replaceFilters(route.getFilters())
			.metadata(metadata)
			.build();
	}

	// A negative time in the metadata of a route stands for none, as in
	// NettyRoutingFilter.
	private @Nullable Duration responseTimeout(Route route) {
		Object millis = route.getMetadata().get(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR);
		if (millis == null) {
			return client.getResponseTimeout();
		}
		Duration timeout = Duration.ofMillis(Long.parseLong(millis.toString()));
		return timeout.isNegative() ? null : timeout;
	}

}
