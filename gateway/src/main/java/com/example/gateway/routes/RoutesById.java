package com.example.gateway.routes;

import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import reactor.core.publisher.Flux;

import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionLocator;
import org.springframework.stereotype.Component;

/**
 * Adds the routes of {@code platform.gateway.routes} to those in Spring Cloud Gateway's
 * own list, of which one with the same id counts more.
 */
@Component
final class RoutesById implements RouteDefinitionLocator {

	private final Supplier<RouteSettings> settings;

	private final GatewayProperties listed;

	RoutesById(Supplier<RouteSettings> settings, GatewayProperties listed) {
		this.settings = settings;
		this.listed = listed;
	}

	@Override
	public Flux<RouteDefinition> getRouteDefinitions() {
		return Flux.defer(() -> {
			Set<String> replaced = listed.getRoutes().stream().map(RouteDefinition::getId).collect(Collectors.toSet());
			return Flux.fromStream(settings.get().routes().entrySet().stream())
				.filter((route) -> !replaced.contains(route.getKey()))
				.map((route) -> route.getValue().definition(route.getKey()));
		});
	}

}
