package com.example.configserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import com.example.launcher.process.ProcessIdentity.Signal;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.Release;
import com.example.platform.configprotocol.api.Overview;
import com.example.platform.configprotocol.api.Overview.Instance;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.client.RestClient;

import static com.example.configserver.Centre.greeting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the configuration centre does when what it needs hangs, has gone back or is gone.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutageIntegrationTests {

	private final Path root;

	private final Centre centre;

	OutageIntegrationTests(@TempDir Path root) {
		this.root = root;
		this.centre = Centre.withConsul(root);
	}

	@BeforeEach
	void save() {
		centre.save("deli.yml", "greeting:\n  text: hello\n");
	}

	@AfterEach
	void close() {
		centre.consul().process().send(Signal.CONT);
		centre.close();
	}

	@Test
	void whileConsulHangsTheServerAnswersAtOnceAndDecidesAlone(CapturedOutput output) {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		await().until(() -> centre.api().overview().instances().size() == 1);
		centre.consul().process().send(Signal.STOP);
		centre.save("deli.yml", "greeting:\n  text: decided alone\n");
		long[] slowest = new long[1];
		await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20)).until(() -> {
			long begun = System.nanoTime();
			assertThat(get("/deli/default")).contains("greeting.text");
			assertThat(centre.api().overview().instances()).hasSize(1);
			slowest[0] = Math.max(slowest[0], System.nanoTime() - begun);
			return output.getAll().contains("Consul does not take the release")
					&& centre.api().history(1).revisions().get(0).state().equals("CURRENT");
		});
		System.out.println("Slowest fetch and status while Consul hangs: " + slowest[0] / 1_000_000 + " ms");
		assertThat(Duration.ofNanos(slowest[0])).isLessThan(Duration.ofSeconds(1));
		assertThat(get("/deli/default")).contains("decided alone");
		assertThat(greeting(deli).text()).isEqualTo("hello");
		centre.api().rollBack(null, "ada", "also decided alone");
		centre.save("deli.yml", "greeting:\n  text: told at last\n");
		centre.consul().process().send(Signal.CONT);
		await().atMost(Duration.ofSeconds(20)).until(() -> greeting(deli).text().equals("told at last"));
	}

	@Test
	void aServerThatStartsWhileConsulHangsServesWhatItHas() {
		centre.startServer().close();
		centre.consul().process().send(Signal.STOP);
		centre.startServer();
		assertThat(get("/deli/default")).contains("hello");
	}

	@Test
	void aConsulThatStartsEmptyIsToldEverythingAgain() {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		await().until(() -> centre.api().overview().instances().size() == 1);
		centre.replaceConsul();
		await().atMost(Duration.ofSeconds(30)).until(() -> centre.api().overview().instances().size() == 1);
		centre.save("deli.yml", "greeting:\n  text: after it\n");
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(greeting(deli).text()).isEqualTo("after it"));
	}

	@Test
	void afterConsulWentBackToASnapshotWhatWasDecidedLastHoldsAndMoreCanBeReleased() {
		byte[] empty = snapshot();
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		await().until(() -> centre.api().overview().instances().size() == 1);
		centre.api().startGray(null, null, Map.of("instance", "deli-1"), "ada", "careful");
		centre.save("deli.yml", "greeting:\n  text: in the snapshot\n");
		await().until(() -> greeting(deli).text().equals("in the snapshot"));
		byte[] snapshot = snapshot();
		centre.api().promote("ada", null);
		centre.save("deli.yml", "greeting:\n  text: after it\n");
		await().until(() -> greeting(deli).text().equals("after it"));
		awaitAgreement();
		String current = centre.api().overview().current();
		restore(snapshot);
		await().untilAsserted(() -> assertThat(stored(Release.KEY)).contains("\"revision\":\"" + current + "\""));
		awaitAgreement();
		Overview overview = centre.api().overview();
		assertThat(overview.current()).isEqualTo(current);
		assertThat(overview.gray()).isNull();
		centre.save("deli.yml", "greeting:\n  text: released again\n");
		await().until(() -> greeting(deli).text().equals("released again"));
		awaitAgreement();
		restore(empty);
		await().untilAsserted(() -> assertThat(stored(InstanceReport.FOLDER + "deli-1")).contains("deli-1"));
		centre.save("deli.yml", "greeting:\n  text: and again\n");
		await().until(() -> greeting(deli).text().equals("and again"));
		await().until(() -> !centre.api().keys("deli").keys().isEmpty());
	}

	@Test
	void whatTheServerCannotDoIsNoMistakeOfWhoAsks() throws IOException {
		centre.startServer();
		assertProblem("/config/show/0123abcd", HttpStatus.NOT_FOUND, "no revision 0123abcd");
		HttpStatusCode withoutKey = centre.http()
			.post()
			.uri("/config/encrypt")
			.contentType(MediaType.TEXT_PLAIN)
			.body("secret")
			.exchange((request, response) -> response.getStatusCode());
		assertThat(withoutKey).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		FileSystemUtils.deleteRecursively(root.resolve("history.git/objects"));
		for (String path : new String[] { "/config/history", "/config/diff", "/config/show/current",
				"/deli/default" }) {
			assertProblem(path, HttpStatus.INTERNAL_SERVER_ERROR, null);
		}
	}

	@Test
	void withoutAnyRevisionTheServerSaysWhyItHasNone() {
		centre.startServer("--platform.config-server.git.uri=" + root.resolve("nowhere.git").toUri());
		for (String path : new String[] { "/config/status", "/config/diff", "/deli/default" }) {
			assertProblem(path, HttpStatus.SERVICE_UNAVAILABLE, "cannot be fetched");
		}
	}

	private void assertProblem(String path, HttpStatus status, @Nullable String detail) {
		centre.http().get().uri(path).exchange((request, response) -> {
			assertThat(response.getStatusCode()).as(path).isEqualTo((HttpStatusCode) status);
			assertThat(response.getHeaders().getContentType()).as(path).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
			if (detail != null) {
				assertThat(new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8)).as(path)
					.contains(detail);
			}
			return status;
		});
	}

	private String get(String path) {
		return String.valueOf(centre.http().get().uri(path).retrieve().body(String.class));
	}

	private RestClient consul() {
		return RestClient.create(centre.consul().address().toString());
	}

	private byte[] snapshot() {
		return Objects.requireNonNull(consul().get().uri("/v1/snapshot").retrieve().body(byte[].class));
	}

	private void restore(byte[] snapshot) {
		consul().put().uri("/v1/snapshot").body(snapshot).retrieve().toBodilessEntity();
	}

	private @Nullable String stored(String key) {
		return consul().get()
			.uri("/v1/kv/" + key + "?raw")
			.exchange((request, response) -> new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
	}

	// Consul has what the server has decided, and the instance's word that it runs it.
	private void awaitAgreement() {
		await().untilAsserted(() -> {
			String current = centre.api().overview().current();
			assertThat(stored(Release.KEY)).contains("\"revision\":\"" + current + "\"");
			assertThat(stored(InstanceReport.FOLDER + "deli-1")).contains("\"revision\":\"" + current + "\"");
			assertThat(centre.api().overview().instances()).extracting(Instance::revision).containsExactly(current);
		});
	}

}
