package com.example.gateway.routes;

import java.net.URI;

import com.example.platform.discovery.ServiceDirectory;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.gateway.event.RefreshRoutesResultEvent;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

/**
 * Has the services watched that {@code lb://} routes name, at the start and whenever the
 * routes have changed, so that the first request finds them known.
 */
@Component
final class RouteWatch implements ApplicationListener<RefreshRoutesResultEvent> {

	private final ServiceDirectory directory;

	RouteWatch(ServiceDirectory directory) {
		this.directory = directory;
	}

	@Override
	public void onApplicationEvent(RefreshRoutesResultEvent event) {
		if (event.isSuccess() && event.getSource() instanceof RouteLocator routes) {
			var unused = routes.getRoutes().map(Route::getUri).subscribe(this::watch);
		}
	}

	private void watch(URI uri) {
		String service = service(uri);
		if (service != null) {
			var unused = directory.instances(service);
		}
	}

	// The scheme behind may be given too: lb:ws://user-service.
	private static @Nullable String service(URI uri) {
		if (!"lb".equals(uri.getScheme())) {
			return null;
		}
		return uri.isOpaque() ? URI.create(uri.getSchemeSpecificPart()).getHost() : uri.getHost();
	}

}
