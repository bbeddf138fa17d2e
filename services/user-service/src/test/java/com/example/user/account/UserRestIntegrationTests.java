package com.example.user.account;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

@UserServiceTest
class UserRestIntegrationTests {

	private final String url;

	private final RestTestClient rest;

	private final JdbcClient jdbc;

	UserRestIntegrationTests(@LocalServerPort int port, JdbcClient jdbc) {
		url = "http://127.0.0.1:" + port;
		rest = RestTestClient.bindToServer().baseUrl(url).build();
		this.jdbc = jdbc;
	}

	@BeforeEach
	void deleteUsers() {
		jdbc.sql("delete from users").update();
	}

	@Test
	void aCreatedUserCanBeReadWhereTheLocationSays() {
		URI location = create("Ada", "ada@example.com").expectStatus()
			.isCreated()
			.expectHeader()
			.exists("Location")
			.returnResult(String.class)
			.getResponseHeaders()
			.getLocation();
		rest.get()
			.uri(String.valueOf(location))
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.name")
			.isEqualTo("Ada")
			.jsonPath("$.email")
			.isEqualTo("ada@example.com")
			.jsonPath("$.status")
			.isEqualTo("ACTIVE");
	}

	@Test
	void anEmailAddressIsUniqueWithoutCase() {
		create("Ada", "ada@example.com").expectStatus().isCreated();
		create("Other", "ADA@example.com").expectStatus()
			.isEqualTo(409)
			.expectBody()
			.jsonPath("$.errors[0].field")
			.isEqualTo("email");
		assertThat(count()).isOne();
	}

	@Test
	void ofSixteenThatTakeAnEmailAddressAtOnceOneSucceeds() {
		List<Integer> statuses = IntStream.range(0, 16)
			.parallel()
			.mapToObj((i) -> create("User " + i, "same@example.com").returnResult(String.class).getStatus().value())
			.sorted()
			.toList();
		assertThat(statuses).startsWith(201).hasSize(16);
		assertThat(statuses.subList(1, 16)).containsOnly(409);
	}

	@Test
	void followingNextShowsEveryUserOnce() {
		IntStream.rangeClosed(1, 5).forEach((i) -> create("User " + i, i + "@example.com"));
		rest.get()
			.uri("/api/users?size=2")
			.exchange()
			.expectBody()
			.jsonPath("$.items[*].name")
			.isEqualTo(List.of("User 1", "User 2"))
			.jsonPath("$.next")
			.value(String.class,
					(next) -> rest.get()
						.uri(next)
						.exchange()
						.expectBody()
						.jsonPath("$.items[*].name")
						.isEqualTo(List.of("User 3", "User 4"))
						.jsonPath("$.next")
						.value(String.class,
								(last) -> rest.get()
									.uri(last)
									.exchange()
									.expectBody()
									.jsonPath("$.items[*].name")
									.isEqualTo(List.of("User 5"))
									.jsonPath("$.next")
									.doesNotExist()));
	}

	@Test
	void aUserCanBeChangedAndDeleted() {
		create("Ada", "ada@example.com");
		long id = jdbc.sql("select id from users").query(Long.class).single();
		rest.put()
			.uri("/api/users/" + id)
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"name\":\"Ada L\",\"email\":\"l@example.com\",\"status\":\"BLOCKED\"}")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo("BLOCKED");
		rest.delete().uri("/api/users/" + id).exchange().expectStatus().isNoContent();
		rest.get()
			.uri("/api/users/" + id)
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.errors[0].field")
			.isEqualTo("id");
	}

	@Test
	void whateverUnicodeHasIsKeptAsItIs() {
		String name = "\uFFFE\uD83D\uDE00\u0301\u200F";
		create(name, "ada@example.com").expectStatus().isCreated();
		assertThat(jdbc.sql("select name from users").query(String.class).single()).isEqualTo(name);
	}

	@Test
	void aLargeBodyInChunksIsRefused() throws Exception {
		byte[] chunk = "a".repeat(1024 * 1024).getBytes(UTF_8);
		HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/users"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofByteArrays(List.of("{\"name\":\"".getBytes(UTF_8), chunk, chunk)))
			.build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(413);
		assertThat(response.body()).contains("\"field\":\"body\"");
		assertThat(count()).isZero();
	}

	@Test
	void theGreetingIsThatOfTheConfiguration() {
		rest.get().uri("/api/users/greeting").exchange().expectBody().json("{\"greeting\":\"Hello\"}");
	}

	@Test
	void aPageHasAsManyUsersAsTheConfigurationSays() {
		IntStream.rangeClosed(1, 21).forEach((i) -> create("User " + i, i + "@example.com"));
		rest.get()
			.uri("/api/users")
			.exchange()
			.expectBody()
			.jsonPath("$.items.length()")
			.isEqualTo(20)
			.jsonPath("$.next")
			.value(String.class, (next) -> assertThat(next).endsWith("size=20"));
	}

	@Test
	void theApiIsDescribedAtSwaggerUi() {
		rest.get().uri("/v3/api-docs").exchange().expectBody().jsonPath("$.paths['/api/users'].post.summary").exists();
		rest.get().uri("/swagger-ui.html").exchange().expectStatus().isOk();
	}

	private ResponseSpec create(String name, String email) {
		return rest.post().uri("/api/users").body(new NewUser(name, email)).exchange();
	}

	private int count() {
		return jdbc.sql("select count(*) from users").query(Integer.class).single();
	}

}
