package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.example.platform.defaults.Fault;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Proofs about {@code observability/}, by Prometheus' own {@code promtool}.
 */
class PrometheusTests {

	private static final String FOLDER = "observability/prometheus/";

	@Test
	void theConfigurationIsValid() {
		Tool.Result result = promtool("check", "config", Repository.path(FOLDER + "prometheus.yml").toString());
		// Debian builds its Prometheus without Consul's client since version 2.33.
		Assumptions.assumeFalse(result.errors().contains("field consul_sd_configs not found"),
				"This promtool was built without service discovery by Consul.");
		assertThat(result.exitCode()).as(result.errors()).isZero();
	}

	@Test
	void theAlertRulesAreValid() {
		Tool.Result result = promtool("check", "rules", Repository.path(FOLDER + "alerts.yml").toString());
		assertThat(result.exitCode()).as(result.errors()).isZero();
	}

	@Test
	void theAlertsFireWhenTheyShouldAndOnlyThen() {
		Tool.Result result = promtool("test", "rules",
				Repository.path("system-tests/src/test/resources/alerts-test.yml").toString());
		assertThat(result.exitCode()).as(result.output() + result.errors()).isZero();
	}

	@Test
	void everyQueryOfTheDashboardIsValid(@TempDir Path folder) throws IOException {
		List<Map<String, String>> rules = new ArrayList<>();
		for (String query : dashboardQueries()) {
			String resolved = query.replace("$__rate_interval", "1m").replace("$service", ".*");
			rules.add(Map.of("record", "dashboard:query:" + rules.size(), "expr", resolved));
		}
		assertThat(rules).hasSizeGreaterThan(10);
		Path file = Files.writeString(folder.resolve("rules.json"),
				new Gson().toJson(Map.of("groups", List.of(Map.of("name", "dashboard", "rules", rules)))));
		Tool.Result result = promtool("check", "rules", file.toString());
		assertThat(result.exitCode()).as(result.errors()).isZero();
	}

	@Test
	void alertsAndDashboardGoByTheOneListOfWhoIsToBlame() {
		List<String> queries = new ArrayList<>(dashboardQueries());
		Repository.read(Repository.path(FOLDER + "alerts.yml")).lines().forEach(queries::add);
		List<String> values = Stream.of(Fault.values()).map(Fault::tag).toList();
		Pattern selector = Pattern.compile(Fault.TAG + "[!=~]+\"([^\"]*)\"");
		assertThat(
				queries.stream().flatMap((query) -> selector.matcher(query).results()).map((found) -> found.group(1)))
			.contains(Fault.INSTANCE.tag(), Fault.DEPENDENCY.tag())
			.isSubsetOf(values);
		// A list of its own would be another opinion.
		assertThat(queries).noneMatch((query) -> query.contains("SERVER_ERROR") || query.contains("status_code"));
	}

	private static Tool.Result promtool(String... arguments) {
		return Tool.onPath("promtool", "prometheus").run(arguments);
	}

	private static List<String> dashboardQueries() {
		List<String> queries = new ArrayList<>();
		collectQueries(JsonParser
			.parseString(Repository.read(Repository.path("observability/grafana/dashboards/services.json"))), queries);
		return queries;
	}

	private static void collectQueries(JsonElement element, List<String> queries) {
		if (element.isJsonArray()) {
			element.getAsJsonArray().forEach((item) -> collectQueries(item, queries));
		}
		else if (element.isJsonObject()) {
			element.getAsJsonObject().asMap().forEach((key, value) -> {
				if (key.equals("expr")) {
					queries.add(value.getAsString());
				}
				else {
					collectQueries(value, queries);
				}
			});
		}
	}

}
