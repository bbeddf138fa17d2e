package com.example.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.platform.consul.Consul;
import com.example.platform.liveconfiguration.ConfigurationTrial;
import com.example.platform.liveconfiguration.Flaw;
import com.example.platform.test.WithConsul;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cloud.gateway.handler.predicate.GatewayPredicate;
import org.springframework.cloud.gateway.handler.predicate.PathRoutePredicateFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.test.context.TestConstructor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.cloud.config.enabled=false", "management.server.port=0",
				"spring.cloud.gateway.server.webflux.routes[0].id=images",
				"spring.cloud.gateway.server.webflux.routes[0].uri=lb://image-service",
				"spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/api/images/**",
				"spring.cloud.gateway.server.webflux.routes[1].id=orders",
				"spring.cloud.gateway.server.webflux.routes[1].uri=lb://new-order-service",
				"spring.cloud.gateway.server.webflux.routes[1].predicates[0]=Path=/api/orders/**",
				"platform.gateway.routes.stock.uri=lb://stock-service",
				"platform.gateway.routes.stock.predicates=Path=/api/stock/**" })
@WithConsul
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class RouteIntegrationTests {

	private final RouteLocator routes;

	private final ConfigurationTrial trial;

	private final Consul consul;

	RouteIntegrationTests(RouteLocator routes, ConfigurationTrial trial, Consul consul) {
		this.routes = routes;
		this.trial = trial;
		this.consul = consul;
	}

	@AfterEach
	void deregister() {
		List.of("invoice-service", "thief-service", "a-service", "odd service", "under_score")
			.forEach((id) -> consul.local().deregister(id).join());
	}

	@Test
	void aServiceThatIsPublicGetsARouteWhichStaysWhenItsLastInstanceGoes() {
		register("invoice-service", "public=/api/invoices", "public=/api/reports/monthly");
		await().untilAsserted(() -> assertThat(paths("invoice-service")).containsExactly("/api/invoices",
				"/api/invoices/**", "/api/reports/monthly", "/api/reports/monthly/**"));
		consul.local().deregister("invoice-service").join();
		register("thief-service", "public=/api/theft");
		await().until(() -> !paths("thief-service").isEmpty());
		assertThat(paths("invoice-service")).hasSize(4);
		register("invoice-service");
		await().until(() -> paths("invoice-service").isEmpty());
	}

	@Test
	void noServicePublishesWhatIsNotItsOwn() {
		register("invoice-service", "public=/api/invoices");
		register("thief-service", "public=/actuator", "public=/api", "public=/api/../actuator", "public=/api/{any}",
				"public=/api/**", "public=/api/invoices", "public=/api/users", "public=/api/theft");
		await().untilAsserted(() -> assertThat(paths("thief-service")).containsExactly("/api/theft", "/api/theft/**",
				"/api/users", "/api/users/**"));
		assertThat(paths("invoice-service")).contains("/api/invoices");
		assertThat(routes.getRoutes().map(Route::getId).takeUntil("thief-service"::equals).collectList().block())
			.contains("users");
	}

	@Test
	void aServiceThatIsNoHostGetsNoRouteAndHarmsNoOther() {
		register("odd service", "public=/api/odd");
		register("under_score", "public=/api/under");
		register("invoice-service", "public=/api/invoices");
		await().until(() -> !paths("invoice-service").isEmpty());
		assertThat(paths("odd service")).isEmpty();
		assertThat(paths("under_score")).isEmpty();
	}

	@Test
	void aPathOfAServiceThatHasGoneIsFreeForAnother() {
		register("a-service", "public=/api/handed-over");
		await().until(() -> !paths("a-service").isEmpty());
		register("invoice-service", "public=/api/handed-over");
		register("thief-service", "public=/api/theft");
		await().until(() -> !paths("thief-service").isEmpty());
		assertThat(paths("invoice-service")).isEmpty();
		consul.local().deregister("a-service").join();
		await().untilAsserted(
				() -> assertThat(paths("invoice-service")).containsExactly("/api/handed-over", "/api/handed-over/**"));
		assertThat(paths("a-service")).isEmpty();
	}

	private void register(String service, String... tags) {
		consul.local()
			.register("{\"Name\":\"%s\",\"Port\":1,\"Tags\":[%s]}".formatted(service,
					Stream.of(tags).map((tag) -> '"' + tag + '"').collect(Collectors.joining(","))))
			.join();
	}

	private List<String> paths(String route) {
		List<String> found = new ArrayList<>();
		routes.getRoutes()
			.filter((candidate) -> candidate.getId().equals(route))
			.doOnNext((candidate) -> candidate.getPredicate()
				.accept((predicate) -> found.addAll(
						((PathRoutePredicateFactory.Config) ((GatewayPredicate) predicate).getConfig()).getPatterns())))
			.blockLast();
		return found;
	}

	@Test
	void aRouteThatIsAddedInEitherWayLeavesTheOthers() {
		assertThat(Objects
			.requireNonNull(routes.getRoutes().filter((route) -> route.getOrder() == 0).collectList().block()))
			.extracting(Route::getId, (route) -> String.valueOf(route.getUri()))
			.containsExactlyInAnyOrder(tuple("users", "lb://user-service"), tuple("orders", "lb://new-order-service"),
					tuple("images", "lb://image-service"), tuple("stock", "lb://stock-service"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			predicates[0] | Pth=/x                | Pth
			predicates[0] | Path=/x/{a            | makes no route
			predicates[0] | Path=/x/**/y/**       | makes no route
			predicates[0] | After=notadate        | makes no route
			predicates[0] | Between=2030-01-01T00:00:00Z,soon | makes no route
			predicates[0] | Query=a,(             | makes no route
			predicates[0] | Cookie=a,[            | makes no route
			predicates[0] | Header=a,(            | makes no route
			predicates[0] | RemoteAddr=nowhere/99 | makes no route
			predicates[0] | Weight=a,many         | makes no route
			filters[0]    | StripPrefx=1          | StripPrefx
			filters[0]    | StripPrefix=many      | makes no route
			filters[0]    | SetStatus=             | makes no route
			filters[0]    | RewritePath=(,/x      | makes no route
			metadata.response-timeout | 5s        | milliseconds
			metadata.connect-timeout | soon       | milliseconds
			uri           | user-service          | must begin with lb://
			uri           | lbb://user-service    | must begin with lb://
			uri           | lb://user_service     | must name a host
			uri           | lb:user-service       | must name a host
			""")
	void aRouteThatCannotBeBuiltIsTold(String part, String value, String reason) {
		for (String route : List.of("platform.gateway.routes.x", "spring.cloud.gateway.server.webflux.routes[0]")) {
			List<Flaw> flaws = tryOut(Map.of(route + ".uri", "lb://x", route + ".predicates[0]", "Path=/x"),
					Map.of(route + "." + part, value));
			assertThat(flaws).as(value).singleElement().satisfies((flaw) -> {
				assertThat(flaw.key()).isEqualTo(route + "." + part);
				assertThat(flaw.reason()).contains(reason);
			});
		}
	}

	@Test
	void whatConcernsAllRoutesIsTriedToo() {
		assertThat(tryOut(Map.of(), Map.of("spring.cloud.gateway.server.webflux.default-filters[0]", "Nothing=1")))
			.extracting(Flaw::key)
			.containsExactly("spring.cloud.gateway.server.webflux.default-filters[0]");
		String listed = "spring.cloud.gateway.server.webflux.routes";
		assertThat(tryOut(
				Map.of(listed + "[0].id", "a", listed + "[0].uri", "lb://x", listed + "[0].predicates[0]", "Path=/x"),
				Map.of(listed + "[1].id", "a", listed + "[1].uri", "lb://x", listed + "[1].predicates[0]", "Path=/y")))
			.extracting(Flaw::key)
			.containsExactly(listed + "[1].id");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			predicates[0] | Path=/x/{a}/**,/y
			predicates[0] | Query=a,b.*
			predicates[0] | After=2030-01-01T00:00:00Z
			predicates[0] | Weight=group,5
			filters[0]    | RewritePath=/x/(?<rest>.*),/$\\{rest}
			filters[0]    | AddRequestHeader=a,b
			uri           | lb:ws://user-service
			uri           | https://example.com/path
			uri           | forward:/here
			""")
	void otherRoutesAreRight(String part, String value) {
		String route = "platform.gateway.routes.x";
		assertThat(tryOut(Map.of(route + ".uri", "lb://x", route + ".predicates[0]", "Path=/x"),
				Map.of(route + "." + part, value)))
			.isEmpty();
	}

	private List<Flaw> tryOut(Map<String, Object> rest, Map<String, Object> first) {
		StandardEnvironment candidate = new StandardEnvironment();
		Map<String, Object> all = new HashMap<>(rest);
		all.putAll(first);
		candidate.getPropertySources().addFirst(new MapPropertySource("test", all));
		ConfigurationPropertySources.attach(candidate);
		return trial.tryOut(candidate);
	}

}
