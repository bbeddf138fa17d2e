package com.example.configserver;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.example.configclient.ClientApplication.Classic;
import com.example.configclient.ClientApplication.Greeting;
import com.example.configclient.ClientApplication.Heard;
import com.example.configclient.ClientApplication.Pool;
import com.example.configclient.ClientApplication.Refreshed;
import com.example.launcher.configserver.ConfigServer;
import com.example.platform.configclient.reporting.ReloadStatus.Outcome;
import com.example.platform.configprotocol.api.Revision;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.HttpClientErrorException;

import static com.example.configserver.Centre.greeting;
import static com.example.configserver.Centre.http;
import static com.example.configserver.Centre.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ConfigCentreIntegrationTests {

	private final Centre centre;

	ConfigCentreIntegrationTests(@TempDir Path root) {
		this.centre = Centre.ofDeli(root);
	}

	@AfterEach
	void close() {
		centre.close();
	}

	@Test
	void aSaveIsARevisionThatReachesTheLiveRecordTheListenerAndTheBeansOfOldAge() {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		assertThat(greeting(deli).text()).isEqualTo("hello");
		centre.save("deli.yml",
				"greeting:\n  text: changed\nclassic:\n  text: rebound\nrefreshed:\n  text: made anew\n");
		await().untilAsserted(() -> assertThat(greeting(deli).text()).isEqualTo("changed"));
		await().untilAsserted(() -> assertThat(deli.getBean(Refreshed.class).text()).isEqualTo("made anew"));
		assertThat(deli.getBean(Classic.class).getText()).isEqualTo("rebound");
		assertThat(deli.getBean(Heard.class).greetings()).extracting(Greeting::text)
			.containsExactly("hello", "changed");
		Revision newest = centre.api().history(10).revisions().get(0);
		assertThat(newest.message()).isEqualTo("deli.yml saved");
		assertThat(newest.author()).isNotBlank();
		awaitOn(newest.id(), "deli-1");
		assertThat(centre.api().contents(newest.id().substring(0, 6), "deli").files())
			.anySatisfy((file) -> assertThat(file.text()).contains("text: changed"));
		assertThat(centre.api().difference(null, null, "deli").services().get(0).changes()).anySatisfy((change) -> {
			assertThat(change.key()).isEqualTo("greeting.text");
			assertThat(change.before()).isEqualTo("hello");
			assertThat(change.after()).isEqualTo("changed");
			assertThat(change.line()).isEqualTo(2);
			assertThat(change.live()).isTrue();
		});
	}

	@Test
	void whatRefersToAnotherKeyChangesWithIt() {
		centre.save("application.yml", "deli.name: one\nclassic.text: in ${deli.name}\n");
		centre.save("deli.yml", "greeting.text: hello from ${deli.name}\n");
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		assertThat(greeting(deli).text()).isEqualTo("hello from one");
		centre.save("application.yml", "deli.name: two\nclassic.text: in ${deli.name}\n");
		await().untilAsserted(() -> assertThat(greeting(deli).text()).isEqualTo("hello from two"));
		await().untilAsserted(() -> assertThat(deli.getBean(Classic.class).getText()).isEqualTo("in two"));
	}

	@Test
	void aLogLevelHoldsWhileItIsConfiguredAndNoLonger() {
		centre.startServer();
		centre.startClient("deli", 1);
		String logger = "com.example.sample.SomeClass";
		centre.save("deli.yml", "greeting:\n  text: hello\nlogging.level." + logger + ": trace\n");
		await().untilAsserted(() -> assertThat(level(logger)).isEqualTo(LogLevel.TRACE));
		centre.save("deli.yml", "greeting:\n  text: hello\n");
		await().untilAsserted(() -> assertThat(level(logger)).isEqualTo(LogLevel.INFO));
	}

	@Test
	void theSameContentTwiceIsNoReload() {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		centre.save("deli.yml", "greeting: { text: hello } # said in another way\n");
		await().until(() -> status(deli).count(Outcome.UNCHANGED) == 1);
		centre.save("deli.yml", "greeting: { text: hello } # said in another way\n");
		centre.save("deli.yml", "greeting: { text: done }\n");
		await().untilAsserted(() -> assertThat(greeting(deli).text()).isEqualTo("done"));
		assertThat(status(deli).count(Outcome.APPLIED)).isEqualTo(1);
		assertThat(deli.getBean(Heard.class).greetings()).hasSize(2);
	}

	@Test
	void aTextReachesTheServiceAsItIsWritten() {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		await().until(() -> !centre.api().keys("deli").keys().isEmpty());
		centre.save("deli.yml", "greeting:\n  text: 0123\n");
		await().until(() -> greeting(deli).text().equals("0123"));
		centre.save("deli.yml", "greeting:\n  text: yes\n");
		centre.awaitRefusal("deli.yml:2 greeting.text: YAML reads this word as true: put it in quotes");
		centre.save("deli.yml", "greeting:\n  text: [a, b]\n");
		centre.awaitRefusal("greeting.text must be a single value");
		centre.save("deli.yml", "greeting:\n  txet: a\n");
		centre.awaitRefusal("did you mean greeting.text?");
		centre.save("deli.yml", "greeting:\n  text: ${no.such.key}\n");
		await().until(() -> Centre.refused(deli));
		assertThat(Objects.requireNonNull(status(deli).report().refused()).problems().get(0).toString())
			.startsWith("deli.yml:2 greeting.text: has the placeholder ${no.such.key}");
		assertThat(greeting(deli).text()).isEqualTo("0123");
	}

	@Test
	void beansOfMethodsAreBoundAnewAndChecked() {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		centre.save("deli.yml", "greeting:\n  text: hello\npool:\n  unit: hours\n");
		await().until(() -> deli.getBean(Pool.class).getUnit() == TimeUnit.HOURS);
		centre.save("deli.yml", "greeting:\n  text: hello\npool:\n  unit: parsecs\n");
		await().until(() -> Centre.refused(deli));
		assertThat(Objects.requireNonNull(status(deli).report().refused()).problems())
			.extracting((problem) -> problem.toString())
			.singleElement(InstanceOfAssertFactories.STRING)
			.startsWith("deli.yml:4 pool.unit: must be one of ")
			.contains("hours");
		assertThat(deli.getBean(Pool.class).getUnit()).isEqualTo(TimeUnit.HOURS);
	}

	@Test
	void whoAsksForTooMuchIsToldWhatIsAccepted() {
		centre.startServer();
		assertThatThrownBy(() -> centre.api().rollBack(null, "ada", "x".repeat(501))).hasMessageContaining("message")
			.hasMessageContaining("500");
		assertThatThrownBy(() -> centre.api().startGray(null, 101, Map.of(), "ada", null))
			.hasMessageContaining("percent")
			.hasMessageContaining("100");
		assertThatThrownBy(() -> centre.api().startGray(null, null, Map.of("colour", "red"), "ada", null))
			.hasMessageContaining("zone|version|instance");
		assertThat(post("/config/rollback", "{\"revison\": \"0123\", \"author\": \"ada\"}"))
			.contains("revison is unknown")
			.contains("revision");
		assertThat(post("/config/rollback", "{\"revi")).contains("JSON");
		assertThatThrownBy(() -> centre.api().startGray(null, null, Map.of("zone", "mars"), "ada", null))
			.hasMessageContaining("zone=mars");
	}

	@Test
	void aStartWithoutTheServerUsesTheSnapshotAndCatchesUpLater(CapturedOutput output) {
		ConfigurableApplicationContext server = centre.startServer();
		centre.startClient("deli", 1);
		await().until(() -> Files.exists(centre.snapshots().resolve("deli-default.json")));
		server.close();
		ConfigurableApplicationContext second = centre.startClient("deli", 2);
		assertThat(greeting(second).text()).isEqualTo("hello");
		await().untilAsserted(() -> assertThat(output).contains("Started from the snapshot"));
		assertThat(http(second).get().uri("/actuator/health/configuration").retrieve().body(String.class))
			.contains("\"source\":\"snapshot\"");
		centre.save("deli.yml", "greeting:\n  text: written meanwhile\n");
		centre.startServer();
		await().untilAsserted(() -> assertThat(greeting(second).text()).isEqualTo("written meanwhile"));
	}

	@Test
	void aFirstStartWithoutTheServerWaitsForIt() {
		CompletableFuture<ConfigurableApplicationContext> starting = CompletableFuture
			.supplyAsync(() -> centre.startClient("deli", 1));
		centre.startServer();
		await().until(starting::isDone);
		assertThat(greeting(starting.join()).text()).isEqualTo("hello");
	}

	@Test
	void secretsReachTheServiceAndNobodyElse(CapturedOutput output) throws IOException {
		String key = UUID.randomUUID().toString();
		String secret = "secret-" + UUID.randomUUID();
		centre.startServer("--encrypt.key=" + key);
		ConfigurableApplicationContext deli = centre.startClient("deli", 1,
				"--management.endpoint.env.show-values=always", "--management.endpoint.configprops.show-values=always",
				"--management.endpoints.web.exposure.include=*");
		String cipher = centre.api().encrypt(secret).strip();
		centre.save("deli.yml", "greeting:\n  text: hello\n  secret: '" + cipher + "'\nclassic:\n  api-key: '" + cipher
				+ "'\n  text: jdbc://me:${classic.api-key}@host\n");
		await().untilAsserted(() -> assertThat(greeting(deli).secret()).isEqualTo(secret));
		await().untilAsserted(() -> assertThat(deli.getBean(Classic.class).getText()).contains(secret));
		// An error beside it does not bring it to light either.
		centre.save("deli.yml", "greeting:\n  text: hello\n  secret: '" + cipher + "'\n  failures: 99\n");
		await().until(() -> status(deli).report().refused() != null && output.getAll().contains("is refused"));
		StringBuilder seen = new StringBuilder(output.getAll());
		for (String path : List.of("/actuator/env", "/actuator/configprops", "/actuator/health/configuration")) {
			seen.append(http(deli).get().uri(path).retrieve().body(String.class));
		}
		for (String path : List.of("/config/history", "/config/diff", "/config/show/current", "/config/status")) {
			seen.append(centre.http().get().uri(path).retrieve().body(String.class));
		}
		assertThat(seen.toString()).doesNotContain(secret).doesNotContain(key);
		assertThat(centre.files().stream().filter((file) -> !file.startsWith(centre.snapshots())).map(Centre::content))
			.noneMatch((text) -> text.contains(secret));
	}

	@Test
	void aStartThatFailsBecauseOfASecretDoesNotShowIt(CapturedOutput output) {
		String key = UUID.randomUUID().toString();
		String secret = "secret-" + UUID.randomUUID();
		centre.startServer("--encrypt.key=" + key);
		centre.save("deli.yml", "greeting:\n  failures: '" + centre.api().encrypt(secret).strip() + "'\n");
		await().until(() -> centre.api().history(1).revisions().get(0).state().equals("CURRENT"));
		assertThatThrownBy(() -> centre.startClient("deli", 1)).isInstanceOf(RuntimeException.class);
		await()
			.untilAsserted(() -> assertThat(output).contains("deli.yml:2 greeting.failures: must be a whole number"));
		assertThat(output.getAll().lines().filter((line) -> line.contains(secret))).isEmpty();
	}

	@Test
	void onlyThisMachineOrTheTokenMayChangeAnything() {
		String token = UUID.randomUUID().toString();
		centre.startServer("--platform.config-server.token=" + token);
		assertThatExceptionOfType(HttpClientErrorException.class)
			.isThrownBy(() -> centre.http()
				.post()
				.uri("/config/rollback")
				.header("Content-Type", "application/json")
				.body("{\"author\":\"eve\"}")
				.retrieve()
				.toBodilessEntity())
			.satisfies((ex) -> assertThat(ex.getStatusCode()).isEqualTo(HttpStatus.UNAUTHORIZED));
		assertThatThrownBy(() -> centre.api().abandon("eve", null)).hasMessageContaining("token");
		for (String spelling : List.of("/%63onfig/rollback", "/config;x=1/rollback", "/config/./rollback")) {
			HttpStatusCode status = centre.http()
				.post()
				.uri(URI.create(centre.address() + spelling))
				.header("Content-Type", "application/json")
				.header("X-Forwarded-For", "127.0.0.1")
				.body("{\"author\":\"eve\"}")
				.exchange((request, response) -> response.getStatusCode());
			assertThat(status.is2xxSuccessful()).as(spelling).isFalse();
			assertThat(status.value()).as(spelling).isIn(400, 401);
		}
		assertThatThrownBy(() -> new ConfigServer(centre.address(), token).abandon("ada", null))
			.hasMessageContaining("No gray release is out");
	}

	@Test
	void springCloudConfigsDangerousEndpointsAreNotThere() {
		centre.startServer();
		for (String path : List.of("/decrypt", "/encrypt", "/key", "/deli/default/main/..%2F..%2Fpom.xml")) {
			HttpStatusCode status = centre.http()
				.get()
				.uri(URI.create(centre.address() + path))
				.exchange((request, response) -> response.getStatusCode());
			assertThat(status.is2xxSuccessful()).as(path).isFalse();
		}
	}

	private String post(String path, String body) {
		return centre.http()
			.post()
			.uri(path)
			.header("Content-Type", "application/json")
			.body(body)
			.exchange((request, response) -> new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
	}

	private static @Nullable LogLevel level(String logger) {
		LoggerConfiguration configuration = LoggingSystem.get(ConfigCentreIntegrationTests.class.getClassLoader())
			.getLoggerConfiguration(logger);
		return (configuration != null) ? configuration.getEffectiveLevel() : null;
	}

	private void awaitOn(String revision, String instance) {
		await().untilAsserted(() -> assertThat(centre.instance(instance).revision()).isEqualTo(revision));
	}

}
