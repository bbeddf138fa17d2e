package com.example.gateway.routes;

import java.net.URI;
import java.util.List;
import java.util.Map;

import com.example.platform.liveconfiguration.Live;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;

/**
 * Routes by their ids; live configuration. A file that names one route leaves the others
 * as they are, where a list would replace the whole list.
 *
 * @param routes Routes of Spring Cloud Gateway by id.
 * @param publicServices Whether a service that registers with a tag such as
 * public=/api/invoices gets a route for that path.
 */
@Live
@ConfigurationProperties("platform.gateway")
record RouteSettings(@DefaultValue Map<String, @Valid Entry> routes, @DefaultValue("true") boolean publicServices) {

	/**
	 * A route of Spring Cloud Gateway.
	 *
	 * @param uri Where requests go, such as lb://user-service.
	 * @param predicates Which requests take the route, such as Path=/api/users/**; all
	 * must hold.
	 * @param filters What is done to the requests and answers.
	 * @param metadata What filters of the gateway know of the route.
	 * @param order Routes with lower numbers are tried first.
	 * @param enabled Whether the route is there.
	 */
	@ConfigurationPropertiesSource
	record Entry(@NotNull URI uri, @NotEmpty List<PredicateDefinition> predicates,
			@DefaultValue List<FilterDefinition> filters, @DefaultValue Map<String, String> metadata,
			@DefaultValue("0") int order, @DefaultValue("true") boolean enabled) {

		RouteDefinition definition(String id) {
			RouteDefinition definition = new RouteDefinition();
			definition.setId(id);
			definition.setUri(uri);
			definition.setPredicates(predicates);
			definition.setFilters(filters);
			definition.setMetadata(Map.copyOf(metadata));
			definition.setOrder(order);
			definition.setEnabled(enabled);
			return definition;
		}

	}

}
