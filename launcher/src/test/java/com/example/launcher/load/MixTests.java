package com.example.launcher.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.launcher.process.LocalSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MixTests {

	private final Path folder;

	MixTests(@TempDir Path folder) {
		this.folder = folder;
	}

	@Test
	void requestsAreDrawnByWeight() {
		Mix mix = mix("""
				requests:
				  - request: GET /a
				    weight: 3
				  - request: DELETE /b?c=d%20e
				""");
		Map<String, Integer> drawn = new TreeMap<>();
		for (int i = 0; i < 4_000; i++) {
			Request request = mix.get();
			drawn.merge(request.method() + " " + request.path(), 1, Integer::sum);
		}
		assertThat(drawn).containsOnlyKeys("GET /a", "DELETE /b?c=d%20e");
		assertThat(drawn.get("GET /a")).isBetween(2_900, 3_100);
	}

	@Test
	void whatIsUniqueIsSoInEachRequestAndTheSameAllOverIt() {
		Mix mix = mix("""
				requests:
				  - request: POST /a/${unique}
				    headers: {Idempotency-Key: "${unique}"}
				    body: '{"key":"${unique}"}'
				""");
		Set<String> keys = new HashSet<>();
		for (int i = 0; i < 100; i++) {
			Request request = mix.get();
			String key = request.headers().get("Idempotency-Key");
			keys.add(key);
			assertThat(request.path()).isEqualTo("/a/" + key);
			assertThat(request.body()).isEqualTo("{\"key\":\"" + key + "\"}");
			assertThat(request.headers()).containsEntry("Content-Type", "application/json");
		}
		assertThat(keys).hasSize(100);
	}

	@Test
	void valuesOfAnswersAreKeptForTheRequestsThatNeedThem() throws IOException {
		AtomicInteger number = new AtomicInteger();
		Mix mix = mix("""
				prepare:
				  - request: POST /users
				    times: 3
				    body: '{}'
				    keep: {user: /id}
				requests:
				  - request: GET /orders/${order}
				    weight: 9
				  - request: POST /orders/${user}
				    body: '{"userId":"${user}"}'
				    keep: {order: /items/0/id}
				""");
		// The body of a request is no head; the server takes it for one of the next.
		try (RawServer server = new RawServer((head) -> {
			String json = head.contains("/users") ? "{\"id\":%d}".formatted(number.incrementAndGet())
					: "{\"items\":[{\"id\":\"a/b c\"}]}";
			return "HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s".formatted(json.length(), json);
		}); Connections connections = new Connections(server.url(), Duration.ofSeconds(10))) {
			mix.prepare(connections);
			assertThat(number).hasValue(3);
			Request first = mix.get();
			assertThat(first.path()).as("the only one that can be the first").matches("/orders/[123]");
			assertThat(first.body()).isEqualTo("{\"userId\":\"%s\"}".formatted(first.path().substring(8)));
			connections.send(first).join();
			Set<String> paths = new HashSet<>();
			for (int i = 0; i < 200; i++) {
				paths.add(mix.get().path());
			}
			assertThat(paths).containsExactlyInAnyOrder("/orders/1", "/orders/2", "/orders/3", "/orders/a%2Fb+c");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "503 Unavailable\r\nContent-Length: 4\r\n\r\nfull",
			"200 OK\r\nContent-Length: 2\r\n\r\n{}", "200 OK\r\nContent-Length: 2\r\n\r\n<>" })
	void whatCannotBePreparedIsNamed(String answer) throws IOException {
		Mix mix = mix("""
				prepare:
				  - request: GET /users
				    keep: {user: /id}
				requests:
				  - request: GET /users/${user}
				""");
		try (RawServer server = new RawServer((head) -> "HTTP/1.1 " + answer);
				Connections connections = new Connections(server.url(), Duration.ofSeconds(10))) {
			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> mix.prepare(connections))
				.withMessageContaining("mix.yml:2: GET /users cannot prepare the load: " + answer.substring(0, 3));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "reads", "orders" })
	void whatComesWithItCanBeRead(String name) {
		assertThat(Mix.of(name, 0, new Random(1))).isNotNull();
	}

	@Test
	void bodiesAreEnlargedByBlanks() {
		Mix mix = Mix.of(file("""
				requests:
				  - request: POST /a
				    body: '{"name":"Zoë"}'
				"""), 100, new Random(1));
		assertThat(mix.get().padding()).isEqualTo(100 - 15);
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> Mix.of("reads", 100, new Random(1)))
			.withMessageContaining("--mix orders");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					""                                                           | mix.yml: the file is empty
					# nothing                                                    | mix.yml: the file is empty
					requests                                                     | mix.yml:1: the file must be written as
					{}                                                           | mix.yml:1: there is nothing to send
					requests: []                                                 | mix.yml:1: there is nothing to send
					requests: GET /a                                             | mix.yml:1: this must be a list
					requests: [GET /a]                                           | mix.yml:1: a request must be written as
					request: []                                                  | mix.yml:1: the file has no 'request'. It may have: prepare, requests
					requests:~- weight: 2                                        | mix.yml:2: a request needs 'request: METHOD /path'
					requests:~- request: GET                                     | mix.yml:2: 'GET' is no request
					requests:~- request: get /a                                  | mix.yml:2: 'get /a' is no request
					requests:~- request: GET a                                   | mix.yml:2: 'GET a' is no request
					requests:~- request: GET http://a/                           | is no request. Write it like
					requests:~- request: GET /a b                                | is no request. Write it like
					requests:~- request: GET /ä                                  | is no request. Write it like
					requests:~- request: GET /a~- request: GET /a~  wieght: 2    | mix.yml:4: a request has no 'wieght'
					requests:~- request: GET /a~  times: 2                       | mix.yml:3: a request has no 'times'
					requests:~- request: GET /a~  weight: 0                      | mix.yml:3: weight must be a number from 1 to 10000, not '0'
					requests:~- request: GET /a~  weight: -1                     | not '-1'
					requests:~- request: GET /a~  weight: many                   | not 'many'
					requests:~- request: GET /a~  weight: 99999                  | not '99999'
					requests:~- request: GET /a~  weight: [1]                    | mix.yml:3: this must be a text
					requests:~- request: GET /a~  request: GET /b                | mix.yml:3: 'request' stands here twice
					requests:~- request: GET /a~  body: {a: 1}                   | mix.yml:3: this must be a text. Put it in quotes
					requests:~- request: GET /a~  headers: {Host: a}             | the header 'Host' cannot be sent
					requests:~- request: GET /a~  headers: {a b: c}              | the header 'a b' cannot be sent
					requests:~- request: GET /a~  keep: {a: id}                  | 'id' is no JSON pointer
					requests:~- request: GET /${user}                            | mix.yml:2: nothing that is sent before keeps ${user}
					requests:~- request: GET /${}                                | nothing that is sent before keeps ${}
					requests:~- request: GET /${a}~  keep: {a: /a}               | mix.yml:2: nothing that is sent before keeps ${a}
					requests:~- request: GET /a~  body: 'unfinished              | mix.yml:3: this is no YAML
					requests: *none                                              | mix.yml:1: this is no YAML
					""")
	void whatIsWrongIsNamedWithItsLine(String text, String message) {
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> mix(text.replace('~', '\n')))
			.withMessageContaining(message);
	}

	@Test
	void aFileThatIsNotThereIsNamed() {
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> Mix.of(folder.resolve("none.yml").toString(), 0, new Random(1)))
			.withMessageContaining("none.yml cannot be read")
			.withMessageContaining("Use reads, orders or a file");
	}

	private Mix mix(String text) {
		return Mix.of(file(text), 0, new Random(1));
	}

	private String file(String text) {
		try {
			return Files.writeString(folder.resolve("mix.yml"), text).toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
