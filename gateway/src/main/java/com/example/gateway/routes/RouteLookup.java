package com.example.gateway.routes;

import java.util.List;
import java.util.concurrent.Callable;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Finds the route of a request by one look at a list. Spring Cloud Gateway builds a
 * stream for that, at each request. It is left to it where a predicate cannot tell at
 * once, or fails.
 */
@Component
final class RouteLookup extends RoutePredicateHandlerMapping {

	private static final Log log = LogFactory.getLog(RouteLookup.class);

	private final RouteCache routes;

	RouteLookup(FilteringWebHandler handler, RouteCache routes, GlobalCorsProperties cors, Environment environment) {
		super(handler, routes, cors, environment);
		this.routes = routes;
	}

	@Override
	protected Mono<Route> lookupRoute(ServerWebExchange exchange) {
		List<Route> present = routes.present();
		if (present.isEmpty()) {
			return super.lookupRoute(exchange);
		}
		try {
			for (Route route : present) {
				exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_PREDICATE_ROUTE_ATTR, route.getId());
				if (!(route.getPredicate().apply(exchange) instanceof Callable<?> answer)) {
					return super.lookupRoute(exchange);
				}
				if (Boolean.TRUE.equals(answer.call())) {
					return Mono.just(route);
				}
			}
			return Mono.empty();
		}
		catch (Exception ex) {
			log.debug("A predicate failed", ex);
			return super.lookupRoute(exchange);
		}
	}

}
