package com.example.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.example.platform.consul.Consul;
import com.example.platform.test.WithConsul;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.cloud.config.enabled=false", "management.server.port=0",
				"platform.gateway.home-page=true" })
@WithConsul
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class HomePageIntegrationTests {

	private static final Backend BACKEND = backend();

	private final WebTestClient client;

	private final Consul consul;

	HomePageIntegrationTests(@LocalServerPort int port, Consul consul) {
		this.client = WebTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
		this.consul = consul;
	}

	@AfterAll
	static void close() {
		BACKEND.close();
	}

	@Test
	void thePageTellsWhatRunsAndWhatItServes() {
		consul.local()
			.register("""
					{"Name":"shown-service","ID":"shown-1","Address":"127.0.0.1","Port":%d,"Meta":{"grpc_port":"9"}}"""
				.formatted(BACKEND.port()))
			.join();
		consul.local().register("""
				{"Name":"shown-service","ID":"shown-2","Address":"127.0.0.1","Port":1,
				 "Check":{"Name":"ready","TTL":"1m","Status":"critical"}}""").join();
		await().untilAsserted(() -> client.get()
			.uri("/system")
			.exchange()
			.expectBody()
			.jsonPath("$.services[?(@.name=='shown-service')].instances[*].id")
			.value((ids) -> assertThat(ids).hasToString("[\"shown-1\",\"shown-2\"]"))
			.jsonPath("$.services[?(@.name=='shown-service')].instances[0].grpc")
			.isEqualTo("127.0.0.1:9")
			.jsonPath("$.services[?(@.name=='shown-service')].instances[1].problem")
			.value((problem) -> assertThat(problem.toString()).contains("critical")));
		client.get().uri("/system/shown-service/api").exchange().expectStatus().isOk();
		assertThat(BACKEND.received()).last().extracting(Backend.Received::request).isEqualTo("GET /v3/api-docs");
	}

	@Test
	void anUnknownServiceHasNoApi() {
		client.get()
			.uri("/system/none/api")
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.errors[0].reason")
			.isEqualTo("nothing is served here");
	}

	@Test
	void thePageNeedsNothingFromElsewhere() {
		client.get()
			.uri("/")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((page) -> assertThat(page).contains("<title>The system</title>")
				.doesNotContainPattern("(src|href)=\"?https?://"));
	}

	private static Backend backend() {
		try {
			return new Backend();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
