package com.example.gateway;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.example.platform.liveconfiguration.ConfigurationTrial;
import com.example.platform.liveconfiguration.Flaw;
import com.example.platform.test.WithConsul;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.test.context.TestConstructor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

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

	RouteIntegrationTests(RouteLocator routes, ConfigurationTrial trial) {
		this.routes = routes;
		this.trial = trial;
	}

	@Test
	void aRouteThatIsAddedInEitherWayLeavesTheOthers() {
		assertThat(Objects.requireNonNull(routes.getRoutes().collectList().block()))
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
