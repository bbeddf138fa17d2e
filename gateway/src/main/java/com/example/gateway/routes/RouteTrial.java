package com.example.gateway.routes;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import com.example.platform.liveconfiguration.ConfigurationTrial;
import com.example.platform.liveconfiguration.Flaw;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.handler.predicate.CookieRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.GatewayPredicate;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.handler.predicate.QueryRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionRouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.CollectionUtils;
import org.springframework.validation.Validator;

/**
 * Builds the routes of a configuration as Spring Cloud Gateway would. One that cannot be
 * built would be noticed there in the log alone, and at the next start.
 */
@Component
final class RouteTrial implements ConfigurationTrial {

	private static final String BY_ID = "platform.gateway.routes";

	private static final String LISTED = GatewayProperties.PREFIX;

	// What a filter of Spring Cloud Gateway sends on.
	private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss", "lb", "forward", "no");

	private static final List<String> TIMEOUTS = List.of(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR,
			RouteMetadataUtils.CONNECT_TIMEOUT_ATTR);

	private static final Pattern MILLIS = Pattern.compile("-?\\d{1,9}");

	private static final PredicateDefinition ANY = new PredicateDefinition("Path=/**");

	private final RouteDefinitionRouteLocator builder;

	private final GatewayProperties defaults = new GatewayProperties();

	private RouteDefinition tried = new RouteDefinition();

	@SuppressWarnings("rawtypes") // as Spring Cloud Gateway declares them
	RouteTrial(List<RoutePredicateFactory> predicates, List<GatewayFilterFactory> filters, BeanFactory beans,
			ObjectProvider<ConversionService> conversion, ObjectProvider<Validator> validator) {
		// A service of its own tells nobody of the routes that it builds.
		this.builder = new RouteDefinitionRouteLocator(() -> Flux.just(tried), predicates, filters, defaults,
				new ConfigurationService(beans, conversion, validator));
	}

	@Override
	public List<String> prefixes() {
		return List.of(BY_ID, LISTED);
	}

	@Override
	public List<Flaw> tryOut(Environment candidate) {
		Binder binder = Binder.get(candidate);
		List<Flaw> flaws = new ArrayList<>();
		GatewayProperties listed = binder.bindOrCreate(LISTED, GatewayProperties.class);
		for (int i = 0; i < listed.getDefaultFilters().size(); i++) {
			tryFilter(listed.getDefaultFilters().get(i), LISTED + ".default-filters[" + i + "]", flaws);
		}
		Set<String> ids = new HashSet<>();
		for (int i = 0; i < listed.getRoutes().size(); i++) {
			RouteDefinition route = listed.getRoutes().get(i);
			String key = LISTED + ".routes[" + i + "]";
			if (route.getId() != null && !ids.add(route.getId())) {
				flaws.add(new Flaw(key + ".id", "is the id of another route in this list: give it one of its own"));
			}
			tryRoute(route, key, flaws);
		}
		Map<String, RouteSettings.Entry> routes = binder.bindOrCreate("platform.gateway", RouteSettings.class).routes();
		routes.forEach((id, route) -> tryRoute(route.definition(id), BY_ID + "." + id, flaws));
		return flaws;
	}

	private void tryRoute(RouteDefinition route, String key, List<Flaw> flaws) {
		int before = flaws.size();
		String wrong = (route.getUri() != null) ? wrong(route.getUri()) : "is missing: say where requests go";
		if (wrong != null) {
			flaws.add(new Flaw(key + ".uri", wrong));
			return;
		}
		for (String name : TIMEOUTS) {
			Object millis = route.getMetadata().get(name);
			if (millis != null && !MILLIS.matcher(millis.toString()).matches()) {
				flaws.add(new Flaw(key + ".metadata." + name, "must be a number of milliseconds, such as 500"));
			}
		}
		for (int i = 0; i < route.getPredicates().size(); i++) {
			build(route.getPredicates().get(i), null, key + ".predicates[" + i + "]", flaws);
		}
		for (int i = 0; i < route.getFilters().size(); i++) {
			tryFilter(route.getFilters().get(i), key + ".filters[" + i + "]", flaws);
		}
		if (flaws.size() == before) {
			build(route, key, flaws);
		}
	}

	private static @Nullable String wrong(URI uri) {
		if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
			return "must begin with lb://, http://, https://, ws://, wss:// or forward:";
		}
		// The scheme may be one in front of another, as in lb:ws://user-service.
		URI target = uri.isOpaque() && uri.getScheme().equals("lb") ? URI.create(uri.getSchemeSpecificPart()) : uri;
		return (!uri.getScheme().equals("forward") && target.getHost() == null)
				? "must name a host or service of letters, digits, dashes and dots, such as lb://user-service" : null;
	}

	private void tryFilter(FilterDefinition filter, String key, List<Flaw> flaws) {
		build(ANY, filter, key, flaws);
	}

	private void build(PredicateDefinition predicate, @Nullable FilterDefinition filter, String key, List<Flaw> flaws) {
		RouteDefinition route = new RouteDefinition();
		route.setId("trial");
		route.setUri(URI.create("lb://trial"));
		route.setPredicates(List.of(predicate));
		route.setFilters((filter != null) ? List.of(filter) : List.of());
		build(route, key, flaws);
	}

	private void build(RouteDefinition route, String key, List<Flaw> flaws) {
		try {
			tried = route;
			List<Route> built = builder.getRoutes().collectList().block();
			if (!CollectionUtils.isEmpty(built)) {
				built.get(0).getPredicate().accept((predicate) -> checkExpressions((GatewayPredicate) predicate));
			}
		}
		catch (RuntimeException ex) {
			flaws.add(new Flaw(key, "makes no route: " + rootMessage(ex)));
		}
	}

	// Those that Spring Cloud Gateway compiles at each request.
	private static void checkExpressions(GatewayPredicate predicate) throws PatternSyntaxException {
		Object config = predicate.getConfig();
		String expression = (config instanceof QueryRoutePredicateFactory.Config query) ? query.getRegexp()
				: (config instanceof CookieRoutePredicateFactory.Config cookie) ? cookie.getRegexp() : null;
		if (expression != null) {
			Pattern.compile(expression);
		}
	}

	private static String rootMessage(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		String message = (root.getMessage() != null) ? root.getMessage() : root.getClass().getSimpleName();
		return message.lines().findFirst().orElse(message);
	}

}
