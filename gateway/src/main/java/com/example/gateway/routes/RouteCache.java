package com.example.gateway.routes;

import java.util.List;

import reactor.core.publisher.Flux;

import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.route.CachingRouteLocator;
import org.springframework.cloud.gateway.route.CompositeRouteLocator;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;

/**
 * The routes in effect. They are renewed by one thread at a time: of two, the one that
 * had read older definitions could end last, and would take away what is new.
 */
@Component("cachedCompositeRouteLocator")
@Primary
final class RouteCache extends CachingRouteLocator {

	private volatile List<Route> present = List.of();

	RouteCache(List<RouteLocator> locators) {
		super(new CompositeRouteLocator(Flux.fromIterable(locators)));
	}

	@Override
	public synchronized void onApplicationEvent(RefreshRoutesEvent event) {
		super.onApplicationEvent(event);
		var unused = getRoutes().collectList().subscribe((routes) -> present = routes);
	}

	/**
	 * The same as {@link #getRoutes()}; none before they were renewed for the first time.
	 */
	List<Route> present() {
		return present;
	}

}
