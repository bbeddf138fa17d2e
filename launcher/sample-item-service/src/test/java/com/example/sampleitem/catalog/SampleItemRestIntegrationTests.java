// if rest and database
package com.example.sampleitem.catalog;

import java.util.List;

import com.example.sampleitem.SampleItemServiceTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

@SampleItemServiceTest
class SampleItemRestIntegrationTests {

	private final RestTestClient rest;

	private final JdbcClient jdbc;

	SampleItemRestIntegrationTests(@LocalServerPort int port, JdbcClient jdbc) {
		rest = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
		this.jdbc = jdbc;
	}

	@BeforeEach
	void deleteSampleItems() {
		jdbc.sql("delete from sample_items").update();
	}

	@Test
	void aCreatedSampleItemCanBeReadWhereTheLocationSays() {
		String location = String
			.valueOf(create("one").expectStatus().isCreated().returnResult().getResponseHeaders().getLocation());
		rest.get().uri(location).exchange().expectStatus().isOk().expectBody().jsonPath("$.name").isEqualTo("one");
	}

	@Test
	void aBlankNameIsRefusedWithFieldAndReason() {
		create(" ").expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.errors[0].field")
			.isEqualTo("name")
			.jsonPath("$.errors[0].reason")
			.isEqualTo("must not be blank");
	}

	@Test
	void anUnknownSampleItemIsNotFound() {
		rest.get()
			.uri("/api/sample-items/0")
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.errors[0].reason")
			.isEqualTo("no sample item has the id 0");
	}

	@Test
	void theListGoesOnAfterTheLastOne() {
		List.of("one", "two", "three").forEach(this::create);
		long first = jdbc.sql("select min(id) from sample_items").query(Long.class).single();
		rest.get()
			.uri("/api/sample-items?size=1&after=" + first)
			.exchange()
			.expectBody()
			.jsonPath("$[*].name")
			.isEqualTo(List.of("two"));
	}

	@Test
	void theApiIsDescribedAtSwaggerUi() {
		rest.get()
			.uri("/v3/api-docs")
			.exchange()
			.expectBody()
			.jsonPath("$.paths['/api/sample-items'].post.summary")
			.exists();
		rest.get().uri("/swagger-ui.html").exchange().expectStatus().isOk();
	}

	private ResponseSpec create(String name) {
		return rest.post().uri("/api/sample-items").body(new NewSampleItem(name)).exchange();
	}

}
// end
