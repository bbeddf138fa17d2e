package com.example.configserver;

import java.nio.file.Path;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The documents of the HTTP API, letter by letter: others than {@code ./dev config} read
 * them too.
 */
class ApiDocumentsIntegrationTests {

	private final Centre centre;

	ApiDocumentsIntegrationTests(@TempDir Path root) {
		this.centre = Centre.in(root);
	}

	@AfterEach
	void close() {
		centre.close();
	}

	@Test
	void eachDocumentKeepsItsNamesAndTheirOrder() {
		centre.save("application.yml", "logging.level.com.example.sample: info\n");
		centre.save("deli.yml", "greeting:\n  text: hello\n");
		centre.startServer();
		centre.startTwo("deli");
		assertThat(get("/config/status")).startsWith("""
				{"current":"ID","gray":null,"head":"ID","drift":[],"unreadable":[],"instances":[\
				{"service":"deli","instance":"deli-1","revision":"ID","gray":false,"source":"server",\
				"since":"TIME","pending":[]},{"service":"deli",""").endsWith("""
				"events":[{"time":"TIME","kind":"released","revision":"ID","author":"WHO",\
				"message":"application.yml, deli.yml saved"}]}""");
		assertThat(get("/config/keys?service=deli")).startsWith("{\"keys\":[").contains("""
				{"name":"greeting.text","type":"java.lang.String","defaultValue":"none","live":true,\
				"description":"What it says.","services":["deli"]}""");
		assertThat(post("/config/gray", "{\"percent\": 50, \"author\": \"ada\"}")).isEqualTo("""
				{"author":"WHO","message":"","since":"TIME","percent":50,"labels":{},"instances":[]}""");
		centre.save("deli.yml", "greeting:\n  text: changed\n");
		await().untilAsserted(() -> assertThat(get("/config/status")).startsWith("""
				{"current":"ID","gray":{"revision":"ID","author":"WHO","message":"","since":"TIME","percent":50,\
				"labels":{},"instances":["deli-1"],"comparison":{"gray":{"requests":0,"errorRate":0.0},\
				"others":{"requests":0,"errorRate":0.0}}},"head":"ID","""));
		assertThat(get("/config/show/current?service=deli")).isEqualTo("""
				{"revision":{"id":"ID","author":"WHO","time":"TIME","message":"application.yml, deli.yml saved",\
				"state":"CURRENT","problems":[]},"files":[{"name":"application.yml",\
				"text":"logging.level.com.example.sample: info\\n"},{"name":"deli.yml",\
				"text":"greeting:\\n  text: hello\\n"}]}""");
		assertThat(post("/config/promote", "{\"author\": \"ada\", \"message\": \"good\"}")).isEqualTo("""
				{"revision":{"id":"ID","parent":"ID","author":"WHO","time":"TIME","message":"deli.yml saved",\
				"state":"CURRENT","problems":[]}}""");
		assertThat(get("/config/diff")).isEqualTo("""
				{"from":"ID","to":"ID","services":[{"service":"deli","changes":[{"key":"greeting.text",\
				"before":"hello","after":"changed","file":"deli.yml","line":2,"live":true}]}]}""");
		centre.save("deli.yml", "greeting:\n  text: hello\n\u0009failures: 1\n");
		await().untilAsserted(() -> assertThat(get("/config/history?limit=1")).startsWith("""
				{"revisions":[{"id":"ID","parent":"ID","author":"WHO","time":"TIME","message":"deli.yml saved",\
				"state":"REFUSED","problems":[{"file":"deli.yml","line":3,"reason":""")
			.endsWith("}]}],\"unreadable\":[]}"));
		centre.save("deli.yml", "greeting:\n  failures: 11\n");
		await().untilAsserted(
				() -> assertThat(get("/config/status")).contains("\"refused\":{\"revision\":\"ID\",\"problems\":[{\"")
					.contains("\"kind\":\"refused-by-service\""));
	}

	private String get(String path) {
		return masked(centre.http().get().uri(path).retrieve().body(String.class));
	}

	private String post(String path, String body) {
		return masked(centre.http()
			.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.retrieve()
			.body(String.class));
	}

	private static String masked(@Nullable String json) {
		return Objects.requireNonNull(json)
			.replaceAll("\\b[0-9a-f]{12}\\b", "ID")
			.replaceAll("\\d{4}-[0-9-]+T[0-9:.]+Z", "TIME")
			.replaceAll("\"author\":\"[^\"]*\"", "\"author\":\"WHO\"");
	}

}
