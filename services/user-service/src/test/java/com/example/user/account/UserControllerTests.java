package com.example.user.account;

import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestConstructor.AutowireMode;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResultAssert;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.mockito.Mockito.verifyNoInteractions;

@WebMvcTest(controllers = UserController.class, properties = "spring.cloud.config.enabled=false")
@TestConstructor(autowireMode = AutowireMode.ALL)
class UserControllerTests {

	private final MockMvcTester mvc;

	@MockitoBean
	@SuppressWarnings("NullAway.Init")
	private UserAccounts accounts;

	@Autowired
	UserControllerTests(MockMvcTester mvc) {
		this.mvc = mvc;
	}

	static Stream<Arguments> badBodies() {
		String large = "a".repeat(2 * 1024 * 1024);
		return Stream.of(Arguments.of("{\"name\":", 400, "body", "is not valid JSON at line 1, column 9"),
				Arguments.of("", 400, "body", "is missing or cannot be read"),
				Arguments.of("null", 400, "body", "is missing or cannot be read"),
				Arguments.of("[]", 400, "body", "must be an object"),
				Arguments.of("{\"name\":\" \",\"email\":\"a@b.c\"}", 400, "name", "must not be blank"),
				Arguments.of("{\"email\":\"a@b.c\"}", 400, "name", "must not be blank"),
				Arguments.of("{\"name\":5,\"email\":\"a@b.c\"}", 400, "name", "must be a text"),
				Arguments.of("{\"name\":\"a\\u0000\",\"email\":\"a@b.c\"}", 400, "name",
						"must not contain NUL or half a surrogate pair"),
				Arguments.of("{\"name\":\"a\\u0007\",\"email\":\"a@b.c\"}", 400, "name",
						"must not contain control characters"),
				Arguments.of("{\"name\":\"a\",\"email\":\"a\\ud800@b.c\"}", 400, "email",
						"must not contain NUL or half a surrogate pair"),
				Arguments.of("{\"name\":\"\\udc00\\ud800\",\"email\":\"a@b.c\"}", 400, "name",
						"must not contain NUL or half a surrogate pair"),
				Arguments.of("{\"name\":\"a\",\"email\":\"b\"}", 400, "email", "must be a well-formed email address"),
				Arguments.of("{\"name\":\"a\",\"email\":\"a@b.c\",\"admin\":true}", 400, "admin",
						"is not known here; known are email, name"),
				Arguments.of("{\"name\":\"a\",\"name\":\"b\",\"email\":\"a@b.c\"}", 400, "body",
						"is not valid JSON at line 1, column 19"),
				Arguments.of("{\"name\":\"" + large + "\"}", 413, "body", "must not be larger than 1048576 bytes"));
	}

	@ParameterizedTest
	@MethodSource("badBodies")
	void aBadBodyIsRefusedWithFieldAndReason(String body, int status, String field, String reason) {
		MvcTestResultAssert response = mvc.post()
			.uri("/api/users")
			.contentType(MediaType.APPLICATION_JSON)
			.content(body)
			.assertThat();
		assertProblem(response, status, field, reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "C0A2", "EDA080", "F4908080", "FF" })
	void aBodyThatIsNoUtf8IsRefused(String bytes) {
		String body = "{\"name\":\"" + new String(HexFormat.of().parseHex(bytes), ISO_8859_1)
				+ "\",\"email\":\"a@b.c\"}";
		MvcTestResultAssert response = mvc.post()
			.uri("/api/users")
			.contentType(MediaType.APPLICATION_JSON)
			.content(body.getBytes(ISO_8859_1))
			.assertThat();
		assertProblem(response, 400, "body", "is not valid UTF-8");
	}

	@Test
	void aNameThatCannotBeWrittenIsToldWithAQuestionMark() {
		MvcTestResultAssert response = mvc.post()
			.uri("/api/users")
			.contentType("application/json;charset=UTF-16")
			.content("{\"\\ud800\":1}".getBytes(UTF_16))
			.assertThat();
		assertProblem(response, 400, "?", "is not known here; known are email, name");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET    | /api/users/abc                  | 400 | id     | must be a whole number of at most 64 bits
			DELETE | /api/users/1.5                  | 400 | id     | must be a whole number of at most 64 bits
			GET    | /api/users/99999999999999999999 | 400 | id     | must be a whole number of at most 64 bits
			GET    | /api/users?size=0               | 400 | size   | must be greater than or equal to 1
			GET    | /api/users?size=101             | 400 | size   | must be less than or equal to 100
			GET    | /api/users?size=1&size=2        | 400 | size   | must be given once, not 2 times
			GET    | /api/users?size=many            | 400 | size   | must be a whole number of at most 32 bits
			GET    | /api/users?after=-1             | 400 | after  | must be greater than or equal to 0
			GET    | /api/users?status=GONE          | 400 | status | must be one of ACTIVE, BLOCKED
			GET    | /api/nothing                    | 404 | path   | nothing is served here
			PATCH  | /api/users                      | 405 | method | must be one of [GET, POST]
			""")
	void aBadRequestLineIsRefusedWithFieldAndReason(String method, String uri, int status, String field,
			String reason) {
		assertProblem(mvc.method(HttpMethod.valueOf(method)).uri(uri).assertThat(), status, field, reason);
	}

	@Test
	void anotherContentTypeIsRefused() {
		MvcTestResultAssert response = mvc.post()
			.uri("/api/users")
			.contentType(MediaType.TEXT_PLAIN)
			.content("x")
			.assertThat();
		assertProblem(response, 415, "Content-Type", "must be one of [application/json]");
	}

	@Test
	void anUnknownStatusIsRefused() {
		MvcTestResultAssert response = mvc.put()
			.uri("/api/users/1")
			.contentType(MediaType.APPLICATION_JSON)
			.content("{\"name\":\"a\",\"email\":\"a@b.c\",\"status\":\"GONE\"}")
			.assertThat();
		assertProblem(response, 400, "status", "must be one of ACTIVE, BLOCKED");
	}

	private void assertProblem(MvcTestResultAssert response, int status, String field, String reason) {
		response.hasStatus(status).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
		response.bodyJson().extractingPath("$.errors[0].field").isEqualTo(field);
		response.bodyJson().extractingPath("$.errors[0].reason").isEqualTo(reason);
		verifyNoInteractions(accounts);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Settings {

		@Bean
		Supplier<UserSettings> userSettings() {
			return () -> new UserSettings("Hello", 10);
		}

	}

}
