package com.example.gateway.routes;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionLocator;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Routes to services that say in Consul, by a tag such as {@code public=/api/invoices},
 * which of their paths are for everybody. The id of such a route is the service's name.
 * Routes of the configuration are tried first. A route stays when the service's last
 * instance goes, so that the answer is 503 and not 404, until another service publishes
 * the path or the gateway starts anew.
 */
@Component
final class PublicServices implements RouteDefinitionLocator, SmartInitializingSingleton, DisposableBean {

	private static final Log log = LogFactory.getLog(PublicServices.class);

	private static final String TAG = "public=";

	// Whatever a service says: its actuator stays inside.
	private static final Pattern PATH = Pattern.compile("/api(/[A-Za-z0-9_-]+)+");

	// What a service may be called in an address.
	private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");

	private static final long ANSWER_SECONDS = 2;

	// After those of the configuration, which have 0 unless they say otherwise.
	private static final int ORDER = 1_000;

	private final Consul consul;

	private final Supplier<RouteSettings> settings;

	private final ApplicationEventPublisher events;

	// Confined to the thread that starts the gateway, and then to Consul's watch thread.
	private final SortedMap<String, List<String>> paths = new TreeMap<>();

	// What was warned of, so that each thing is told once.
	private final Set<String> told = new HashSet<>();

	private volatile List<RouteDefinition> routes = List.of();

	private @Nullable BlockingQuery watch;

	PublicServices(Consul consul, Supplier<RouteSettings> settings, ApplicationEventPublisher events) {
		this.consul = consul;
		this.settings = settings;
		this.events = events;
	}

	/**
	 * Learns what there is, if Consul answers soon, and follows it.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		try {
			take(consul.catalog().services().orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).join());
		}
		catch (CompletionException ex) {
			log.warn("Consul does not tell yet which services are public (" + ex.getCause()
					+ "). Those that are not in the configuration get their routes as soon as it does.");
		}
		watch = consul.catalog().watch((answer) -> take(answer.body()));
	}

	@Override
	public void destroy() {
		if (watch != null) {
			watch.close();
		}
	}

	@Override
	public Flux<RouteDefinition> getRouteDefinitions() {
		return Flux.defer(() -> {
			RouteSettings present = settings.get();
			return Flux.fromIterable(present.publicServices() ? routes : List.of())
				.filter((route) -> !present.routes().containsKey(route.getId()));
		});
	}

	private void take(Map<String, List<String>> services) {
		services.forEach((service, tags) -> {
			List<String> published = published(service, tags);
			if (!published.isEmpty() || paths.containsKey(service)) {
				paths.put(service, published);
			}
		});
		List<RouteDefinition> next = routes(services.keySet());
		if (!next.equals(routes)) {
			routes = next;
			events.publishEvent(new RefreshRoutesEvent(this));
		}
	}

	private List<String> published(String service, List<String> tags) {
		List<String> published = tags.stream()
			.filter((tag) -> tag.startsWith(TAG))
			.map((tag) -> tag.substring(TAG.length()))
			.sorted()
			.toList();
		if (!published.isEmpty() && !HOST.matcher(service).matches()) {
			warn("The service '" + service + "' says that it is public and gets no route: a service is called like a"
					+ " host, by letters, digits, '-' and '.'");
			return List.of();
		}
		for (String path : published) {
			if (!PATH.matcher(path).matches()) {
				warn(service + " says that " + path + " is public, which gets no route: a public path begins with"
						+ " /api/ and has letters, digits, '-' and '_' between its slashes");
			}
		}
		return published.stream().filter(PATH.asMatchPredicate()).toList();
	}

	// Of two services that publish the same path, the first by name has it; one that is
	// there goes before one that has gone.
	private List<RouteDefinition> routes(Set<String> present) {
		Map<String, String> owners = new HashMap<>();
		List<RouteDefinition> next = new ArrayList<>();
		Stream
			.concat(paths.keySet().stream().filter(present::contains),
					paths.keySet().stream().filter((service) -> !present.contains(service)))
			.forEach((service) -> {
				List<String> free = new ArrayList<>();
				for (String path : paths.getOrDefault(service, List.of())) {
					String owner = owners.putIfAbsent(path, service);
					if (owner == null) {
						free.add(path);
					}
					else if (present.contains(service)) {
						warn(service + " publishes " + path + ", which goes to " + owner
								+ ": of two services with the same path the first by name has it");
					}
				}
				if (!free.isEmpty()) {
					next.add(route(service, free));
				}
			});
		return next;
	}

	private void warn(String problem) {
		if (told.add(problem)) {
			log.warn(problem);
		}
	}

	private static RouteDefinition route(String service, List<String> paths) {
		RouteDefinition route = new RouteDefinition();
		route.setId(service);
		route.setUri(URI.create("lb://" + service));
		route.setPredicates(List.of(new PredicateDefinition(
				"Path=" + String.join(",", paths.stream().flatMap((path) -> Stream.of(path, path + "/**")).toList()))));
		route.setOrder(ORDER);
		return route;
	}

}
