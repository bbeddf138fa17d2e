package com.example.configserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import com.example.launcher.process.LocalSystemException;
import com.example.platform.configclient.reporting.ReloadStatus.Outcome;
import com.example.platform.configprotocol.Problem;
import com.example.platform.configprotocol.api.Difference;
import com.example.platform.configprotocol.api.Overview;
import com.example.platform.configprotocol.api.Overview.Instance;
import com.example.platform.configprotocol.api.Revision;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
		this.centre = new Centre(root);
	}

	@BeforeEach
	void save() {
		centre.save("application.yml", "logging.level.com.example.sample: info\n");
		centre.save("shop.yml", "greeting:\n  text: hello\n");
	}

	@AfterEach
	void close() {
		centre.close();
	}

	@Test
	void aSaveIsARevisionThatReachesTheLiveRecordTheListenerAndTheBeansOfOldAge() {
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		assertThat(greeting(shop).text()).isEqualTo("hello");
		centre.save("shop.yml",
				"greeting:\n  text: changed\nclassic:\n  text: rebound\nrefreshed:\n  text: made anew\n");
		await().untilAsserted(() -> assertThat(greeting(shop).text()).isEqualTo("changed"));
		await().untilAsserted(() -> assertThat(shop.getBean(Refreshed.class).text()).isEqualTo("made anew"));
		assertThat(shop.getBean(Classic.class).getText()).isEqualTo("rebound");
		assertThat(shop.getBean(Heard.class).greetings()).extracting(Greeting::text)
			.containsExactly("hello", "changed");
		Revision newest = centre.api().history(10).revisions().get(0);
		assertThat(newest.message()).isEqualTo("shop.yml saved");
		assertThat(newest.author()).isNotBlank();
		awaitOn(newest.id(), "shop-1");
		assertThat(centre.api().contents(newest.id().substring(0, 6), "shop").files())
			.anySatisfy((file) -> assertThat(file.text()).contains("text: changed"));
		assertThat(centre.api().difference(null, null, "shop").services().get(0).changes()).anySatisfy((change) -> {
			assertThat(change.key()).isEqualTo("greeting.text");
			assertThat(change.before()).isEqualTo("hello");
			assertThat(change.after()).isEqualTo("changed");
			assertThat(change.line()).isEqualTo(2);
			assertThat(change.live()).isTrue();
		});
	}

	@Test
	void whatRefersToAnotherKeyChangesWithIt() {
		centre.save("application.yml", "shop.name: one\nclassic.text: in ${shop.name}\n");
		centre.save("shop.yml", "greeting.text: hello from ${shop.name}\n");
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		assertThat(greeting(shop).text()).isEqualTo("hello from one");
		centre.save("application.yml", "shop.name: two\nclassic.text: in ${shop.name}\n");
		await().untilAsserted(() -> assertThat(greeting(shop).text()).isEqualTo("hello from two"));
		await().untilAsserted(() -> assertThat(shop.getBean(Classic.class).getText()).isEqualTo("in two"));
	}

	@Test
	void aLogLevelHoldsWhileItIsConfiguredAndNoLonger() {
		centre.startServer();
		centre.startClient("shop", 1);
		String logger = "com.example.sample.SomeClass";
		centre.save("shop.yml", "greeting:\n  text: hello\nlogging.level." + logger + ": trace\n");
		await().untilAsserted(() -> assertThat(level(logger)).isEqualTo(LogLevel.TRACE));
		centre.save("shop.yml", "greeting:\n  text: hello\n");
		await().untilAsserted(() -> assertThat(level(logger)).isEqualTo(LogLevel.INFO));
	}

	@Test
	void theSameContentTwiceIsNoReload() {
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		centre.save("shop.yml", "greeting: { text: hello } # said in another way\n");
		await().until(() -> status(shop).count(Outcome.UNCHANGED) == 1);
		centre.save("shop.yml", "greeting: { text: hello } # said in another way\n");
		centre.save("shop.yml", "greeting: { text: done }\n");
		await().untilAsserted(() -> assertThat(greeting(shop).text()).isEqualTo("done"));
		assertThat(status(shop).count(Outcome.APPLIED)).isEqualTo(1);
		assertThat(shop.getBean(Heard.class).greetings()).hasSize(2);
	}

	@Test
	void whatTheServerCanTellIsRefusedThere() {
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		await().until(() -> !centre.api().keys("shop").keys().isEmpty());
		centre.save("shop.yml", "greeting:\n  text: \"unfinished\n");
		awaitRefusal("scanning a quoted scalar");
		centre.save("shop.yml", "platform:\n  config-client:\n    enabeld: true\n");
		awaitRefusal("platform.config-client.enabled");
		centre.save("shop.yml", "greeting:\n  failures: many\n");
		awaitRefusal("shop.yml:2 greeting.failures");
		assertThat(greeting(shop).text()).isEqualTo("hello");
		assertThat(status(shop).report().refused()).isNull();
		centre.save("shop.yml", "greeting:\n  text: repaired\n");
		await().untilAsserted(() -> assertThat(greeting(shop).text()).isEqualTo("repaired"));
	}

	@Test
	void whatOnlyTheInstanceCanTellIsRefusedThereAndShownHere(CapturedOutput output) {
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		centre.save("shop.yml", "greeting:\n  text: never seen\n  failures: 11\n");
		await().until(() -> status(shop).report().refused() != null);
		assertThat(greeting(shop).text()).isEqualTo("hello");
		String why = "shop.yml:3 greeting.failures: must be less than or equal to 10";
		assertThat(output).contains("is refused").contains(why);
		assertThat(http(shop).get().uri("/actuator/health/configuration").retrieve().body(String.class))
			.contains("\"status\":\"UP\"")
			.contains(why);
		assertThat(http(shop).get().uri("/actuator/prometheus").retrieve().body(String.class))
			.contains("platform_config_refused 1.0");
		await().untilAsserted(() -> assertThat(Objects.requireNonNull(instance("shop-1").refused()).problems())
			.extracting(ConfigCentreIntegrationTests::text)
			.containsExactly(why));
		assertThat(centre.api().overview().events().get(0).kind()).isEqualTo("refused-by-service");
		// An instance that starts now would not start on it.
		ConfigurableApplicationContext second = centre.startClient("shop", 2);
		assertThat(greeting(second).text()).isEqualTo("hello");
		centre.save("shop.yml", "greeting:\n  text: repaired\n  failures: 10\n");
		await().untilAsserted(() -> assertThat(greeting(second).text()).isEqualTo("repaired"));
		await().untilAsserted(() -> assertThat(status(shop).report().refused()).isNull());
	}

	@Test
	void aRollbackIsANewRevisionWithAnEarlierContent() throws IOException {
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		String first = centre.api().overview().current();
		centre.save("shop.yml", "greeting:\n  text: a mistake\n");
		await().untilAsserted(() -> assertThat(greeting(shop).text()).isEqualTo("a mistake"));
		Revision restored = centre.api().rollBack(null, "ada", "nobody liked it");
		await().untilAsserted(() -> assertThat(greeting(shop).text()).isEqualTo("hello"));
		assertThat(Files.readString(centre.folder().resolve("shop.yml"))).isEqualTo("greeting:\n  text: hello\n");
		List<Revision> history = centre.api().history(10).revisions();
		assertThat(history).extracting(Revision::message).startsWith("nobody liked it", "shop.yml saved");
		assertThat(history.get(0).id()).isEqualTo(restored.id()).isNotEqualTo(first);
		assertThat(history.get(0).author()).isEqualTo("ada");
		assertThatThrownBy(() -> centre.api().rollBack("ffffffff", "ada", null))
			.hasMessageContaining("There is no revision ffffffff");
	}

	@Test
	void aGrayRevisionReachesItsShareAloneUntilItIsPromoted() {
		centre.startServer();
		List<ConfigurableApplicationContext> shops = centre.startTwo("shop");
		centre.api().startGray(null, 50, Map.of(), "ada", "careful");
		centre.save("shop.yml", "greeting:\n  text: new\n");
		await().until(() -> texts(shops).contains("new"));
		assertThat(texts(shops)).containsExactlyInAnyOrder("hello", "new");
		assertThat(Objects.requireNonNull(centre.api().overview().gray()).instances()).hasSize(1);
		// A restarted instance stays on its side.
		int gray = texts(shops).indexOf("new");
		shops.get(gray).close();
		ConfigurableApplicationContext again = centre.startClient("shop", gray + 1);
		assertThat(greeting(again).text()).isEqualTo("new");
		centre.api().promote("ada", null);
		await().until(() -> greeting(shops.get(1 - gray)).text().equals("new"));
		assertThat(centre.api().overview().gray()).isNull();
	}

	@Test
	void anAbandonedGrayRevisionIsTakenOutOfTheFolderToo() throws IOException {
		centre.startServer();
		ConfigurableApplicationContext shop = startGray();
		centre.save("shop.yml", "greeting:\n  text: new\n");
		await().until(() -> greeting(shop).text().equals("new"));
		centre.api().abandon("ada", "not good");
		await().until(() -> greeting(shop).text().equals("hello"));
		assertThat(Files.readString(centre.folder().resolve("shop.yml"))).contains("hello");
		assertThat(centre.api().overview().events()).extracting(Overview.Event::kind)
			.startsWith("rolled-back", "abandoned");
	}

	@Test
	void aGrayRevisionThatFailsIsTakenBackByItselfWithTheReason() {
		centre.startServer("--platform.config-server.gray.interval=200ms");
		List<ConfigurableApplicationContext> shops = centre.startTwo("shop");
		centre.api().startGray(null, 50, Map.of(), "ada", "careful");
		centre.save("shop.yml", "greeting:\n  text: new\n  failures: 5\n");
		await().until(() -> texts(shops).contains("new"));
		await().atMost(Duration.ofSeconds(20)).until(() -> {
			shops.forEach(ConfigCentreIntegrationTests::ask);
			return centre.api().overview().gray() == null;
		});
		await().until(() -> texts(shops).equals(List.of("hello", "hello")));
		assertThat(centre.api().overview().events()).anySatisfy((event) -> {
			assertThat(event.kind()).isEqualTo("taken-back");
			assertThat(event.message()).contains("error rate");
		});
	}

	@Test
	void aGrayRevisionThatAGrayInstanceRefusesIsTakenBackAtOnce() {
		centre.startServer();
		List<ConfigurableApplicationContext> shops = centre.startTwo("shop");
		centre.api().startGray(null, null, Map.of("instance", "shop-1"), "ada", "careful");
		centre.save("shop.yml", "greeting:\n  text: new\n  failures: 11\n");
		await().until(() -> centre.api().overview().gray() == null);
		assertThat(centre.api().overview().events()).anySatisfy((event) -> {
			assertThat(event.kind()).isEqualTo("taken-back");
			assertThat(event.message()).contains("shop-1 refuses it")
				.contains("shop.yml:3 greeting.failures: must be less than or equal to 10");
		});
		await().untilAsserted(() -> assertThat(shops).map(ConfigCentreIntegrationTests::refused).containsOnly(false));
		assertThat(texts(shops)).containsExactly("hello", "hello");
		assertThat(content(centre.folder().resolve("shop.yml"))).isEqualTo("greeting:\n  text: hello\n");
	}

	@Test
	void aRollbackLeavesOutWhatWasNeverReleasedToAll() {
		centre.startServer();
		ConfigurableApplicationContext shop = startGray();
		centre.save("shop.yml", "greeting:\n  text: first try\n");
		await().until(() -> greeting(shop).text().equals("first try"));
		centre.save("shop.yml", "greeting:\n  text: second try\n");
		await().until(() -> greeting(shop).text().equals("second try"));
		centre.api().promote("ada", null);
		assertThat(centre.api().history(3).revisions()).extracting(Revision::state)
			.containsExactly("CURRENT", "UNKNOWN", "RELEASED");
		assertThat(centre.api().difference(null, null, "shop").services().get(0).changes())
			.extracting(Difference.Change::before)
			.containsExactly("hello");
		centre.api().rollBack(null, "ada", null);
		await().until(() -> greeting(shop).text().equals("hello"));
	}

	@Test
	void anEarlierRevisionCanBeTriedOnSomeAndPromotedToAll() {
		centre.startServer();
		List<ConfigurableApplicationContext> shops = centre.startTwo("shop");
		String earlier = centre.api().overview().current();
		centre.save("shop.yml", "greeting:\n  text: a mistake\n");
		await().until(() -> texts(shops).equals(List.of("a mistake", "a mistake")));
		centre.api().startGray(earlier, null, Map.of("instance", "shop-1"), "ada", "was it better?");
		await().until(() -> texts(shops).equals(List.of("hello", "a mistake")));
		centre.api().promote("ada", null);
		await().until(() -> texts(shops).equals(List.of("hello", "hello")));
		assertThat(content(centre.folder().resolve("shop.yml"))).isEqualTo("greeting:\n  text: hello\n");
	}

	@Test
	void aServiceThatRefusesStartsOnWhatItRanWhateverIsReleasedMeanwhile() {
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		centre.save("shop.yml", "greeting:\n  text: never seen\n  failures: 11\n");
		await().until(() -> centre.api().overview().events().get(0).kind().equals("refused-by-service"));
		shop.close();
		centre.save("other.yml", "x: 1\n");
		await().until(() -> centre.api().overview().events().get(0).kind().equals("released"));
		ConfigurableApplicationContext again = centre.startClient("shop", 1);
		assertThat(greeting(again).text()).isEqualTo("hello");
		await().until(() -> refused(again));
		await().until(() -> centre.api().overview().events().get(0).kind().equals("refused-by-service"));
		centre.save("shop.yml", "greeting:\n  text: repaired\n");
		await().until(() -> greeting(again).text().equals("repaired"));
	}

	@Test
	void whatWasRefusedIsStillExplainedAfterARestart() {
		ConfigurableApplicationContext server = centre.startServer();
		centre.startClient("shop", 1);
		await().until(() -> !centre.api().keys("shop").keys().isEmpty());
		centre.save("shop.yml", "platform:\n  config-client:\n    enabeld: true\n");
		awaitRefusal("platform.config-client.enabled");
		assertThatThrownBy(() -> centre.api().difference(null, "0000", null)).hasMessageContaining("no revision 0000");
		server.close();
		centre.startServer();
		awaitRefusal("shop.yml:3 platform.config-client.enabeld: unknown key");
		centre.save("shop.yml", "greeting:\n  text: \"unfinished\n");
		awaitRefusal("scanning a quoted scalar");
		String newest = centre.api().history(1).revisions().get(0).id();
		assertThatThrownBy(() -> centre.api().difference(null, newest, null)).hasMessageContaining("shop.yml:")
			.hasMessageContaining("scanning a quoted scalar");
	}

	@Test
	void aFileThatStandsForMillionsOfValuesIsRefusedAndHidesNoOtherRevision() {
		ConfigurableApplicationContext server = centre.startServer();
		StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
		for (int i = 1; i <= 6; i++) {
			bomb.append("a%d: &a%d [%s]%n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
		}
		centre.save("shop.yml", bomb.toString());
		awaitRefusal("more than 20000 values");
		server.close();
		centre.startServer();
		awaitRefusal("more than 20000 values");
		assertThat(centre.api().history(20).revisions()).extracting(Revision::state).contains("CURRENT", "REFUSED");
		centre.save("shop.yml", "greeting:\n  text: repaired\n");
		await().until(() -> centre.api().history(1).revisions().get(0).state().equals("CURRENT"));
		assertThat(centre.api().difference(null, null, null).services()).isNotEmpty();
	}

	@Test
	void aTextReachesTheServiceAsItIsWritten() {
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		await().until(() -> !centre.api().keys("shop").keys().isEmpty());
		centre.save("shop.yml", "greeting:\n  text: 0123\n");
		await().until(() -> greeting(shop).text().equals("0123"));
		centre.save("shop.yml", "greeting:\n  text: yes\n");
		awaitRefusal("shop.yml:2 greeting.text: YAML reads this word as true: put it in quotes");
		centre.save("shop.yml", "greeting:\n  text: [a, b]\n");
		awaitRefusal("greeting.text must be a single value");
		centre.save("shop.yml", "greeting:\n  txet: a\n");
		awaitRefusal("did you mean greeting.text?");
		centre.save("shop.yml", "greeting:\n  text: ${no.such.key}\n");
		await().until(() -> refused(shop));
		assertThat(Objects.requireNonNull(status(shop).report().refused()).problems().get(0).toString())
			.startsWith("shop.yml:2 greeting.text: has the placeholder ${no.such.key}");
		assertThat(greeting(shop).text()).isEqualTo("0123");
	}

	@Test
	void whatCannotBeReadIsToldInStatusAndHistory() throws IOException {
		centre.startServer();
		Files.createSymbolicLink(centre.folder().resolve("broken.yml"), Path.of("missing.yml"));
		centre.save("other.yml", "x: 1\n");
		await().until(() -> centre.api()
			.overview()
			.unreadable()
			.equals(List.of("broken.yml is a link to what does not exist")));
		assertThat(centre.api().history(1).unreadable()).hasSize(1);
		await().until(() -> centre.api().history(1).revisions().get(0).message().contains("other.yml"));
	}

	@Test
	void beansOfMethodsAreBoundAnewAndChecked() {
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		centre.save("shop.yml", "greeting:\n  text: hello\npool:\n  unit: hours\n");
		await().until(() -> shop.getBean(Pool.class).getUnit() == TimeUnit.HOURS);
		centre.save("shop.yml", "greeting:\n  text: hello\npool:\n  unit: parsecs\n");
		await().until(() -> refused(shop));
		assertThat(Objects.requireNonNull(status(shop).report().refused()).problems())
			.extracting((problem) -> problem.toString())
			.singleElement(InstanceOfAssertFactories.STRING)
			.startsWith("shop.yml:4 pool.unit: must be one of ")
			.contains("hours");
		assertThat(shop.getBean(Pool.class).getUnit()).isEqualTo(TimeUnit.HOURS);
	}

	@Test
	void whileARevisionIsGrayNeitherAnotherOneNorARollbackBegins() {
		centre.startServer();
		ConfigurableApplicationContext shop = startGray();
		centre.save("shop.yml", "greeting:\n  text: new\n");
		await().until(() -> greeting(shop).text().equals("new"));
		assertThatThrownBy(() -> centre.api().startGray(null, 50, Map.of(), "grace", null))
			.hasMessageContaining("Promote or abandon it first");
		assertThatThrownBy(() -> centre.api().rollBack(null, "grace", null))
			.hasMessageContaining("Promote or abandon it before you roll back");
		assertThat(greeting(shop).text()).isEqualTo("new");
		centre.api().promote("ada", null);
		assertThatThrownBy(() -> centre.api().promote("grace", null)).hasMessageContaining("No gray release is out");
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
	void aKeyThatIsRefusedAsUnknownCountsAsSoonAsAServiceSaysThatItKnowsIt() {
		centre.startServer();
		centre.startClient("shop", 1);
		await().until(() -> !centre.api().keys("shop").keys().isEmpty());
		centre.save("shop.yml", "platform:\n  config-client:\n    brand-new: true\n");
		awaitRefusal("platform.config-client.brand-new");
		String newest = centre.api().history(1).revisions().get(0).id();
		centre.tellKeys("future", "platform.config-client.brand-new");
		await().until(() -> newest.equals(centre.api().overview().current()));
	}

	@Test
	void aKeyThatNeedsARestartIsReportedAsPendingUntilThen() {
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		centre.save("shop.yml", "greeting:\n  text: hello\nserver:\n  max-http-request-header-size: 9KB\n");
		await().untilAsserted(
				() -> assertThat(instance("shop-1").pending()).containsExactly("server.max-http-request-header-size"));
		centre.save("shop.yml", "greeting:\n  text: hello\n");
		await().untilAsserted(() -> assertThat(instance("shop-1").pending()).isEmpty());
		assertThat(shop.isRunning()).isTrue();
	}

	@Test
	void aStartWithoutTheServerUsesTheSnapshotAndCatchesUpLater(CapturedOutput output) {
		ConfigurableApplicationContext server = centre.startServer();
		centre.startClient("shop", 1);
		await().until(() -> Files.exists(centre.snapshots().resolve("shop-default.json")));
		server.close();
		ConfigurableApplicationContext second = centre.startClient("shop", 2);
		assertThat(greeting(second).text()).isEqualTo("hello");
		assertThat(output).contains("Started from the snapshot");
		assertThat(http(second).get().uri("/actuator/health/configuration").retrieve().body(String.class))
			.contains("\"source\":\"snapshot\"");
		centre.save("shop.yml", "greeting:\n  text: written meanwhile\n");
		centre.startServer();
		await().untilAsserted(() -> assertThat(greeting(second).text()).isEqualTo("written meanwhile"));
	}

	@Test
	void aFirstStartWithoutTheServerWaitsForIt() {
		CompletableFuture<ConfigurableApplicationContext> starting = CompletableFuture
			.supplyAsync(() -> centre.startClient("shop", 1));
		centre.startServer();
		await().until(starting::isDone);
		assertThat(greeting(starting.join()).text()).isEqualTo("hello");
	}

	@Test
	void secretsReachTheServiceAndNobodyElse(CapturedOutput output) throws IOException {
		String key = UUID.randomUUID().toString();
		String secret = "secret-" + UUID.randomUUID();
		centre.startServer("--encrypt.key=" + key);
		ConfigurableApplicationContext shop = centre.startClient("shop", 1,
				"--management.endpoint.env.show-values=always", "--management.endpoint.configprops.show-values=always",
				"--management.endpoints.web.exposure.include=*");
		String cipher = centre.api().encrypt(secret).strip();
		centre.save("shop.yml", "greeting:\n  text: hello\n  secret: '" + cipher + "'\nclassic:\n  api-key: '" + cipher
				+ "'\n  text: jdbc://me:${classic.api-key}@host\n");
		await().untilAsserted(() -> assertThat(greeting(shop).secret()).isEqualTo(secret));
		await().untilAsserted(() -> assertThat(shop.getBean(Classic.class).getText()).contains(secret));
		// An error beside it does not bring it to light either.
		centre.save("shop.yml", "greeting:\n  text: hello\n  secret: '" + cipher + "'\n  failures: 99\n");
		await().until(() -> status(shop).report().refused() != null);
		StringBuilder seen = new StringBuilder(output.getAll());
		for (String path : List.of("/actuator/env", "/actuator/configprops", "/actuator/health/configuration")) {
			seen.append(http(shop).get().uri(path).retrieve().body(String.class));
		}
		for (String path : List.of("/config/history", "/config/diff", "/config/show/current", "/config/status")) {
			seen.append(centre.http().get().uri(path).retrieve().body(String.class));
		}
		assertThat(seen.toString()).doesNotContain(secret).doesNotContain(key);
		assertThat(centre.files().stream().filter((file) -> !file.startsWith(centre.snapshots())).map(this::content))
			.noneMatch((text) -> text.contains(secret));
	}

	@Test
	void aStartThatFailsBecauseOfASecretDoesNotShowIt(CapturedOutput output) {
		String key = UUID.randomUUID().toString();
		String secret = "secret-" + UUID.randomUUID();
		centre.startServer("--encrypt.key=" + key);
		centre.save("shop.yml", "greeting:\n  failures: '" + centre.api().encrypt(secret).strip() + "'\n");
		await().until(() -> centre.api().history(1).revisions().get(0).state().equals("CURRENT"));
		assertThatThrownBy(() -> centre.startClient("shop", 1)).isInstanceOf(RuntimeException.class);
		assertThat(output).contains("shop.yml:2 greeting.failures: must be a whole number");
		assertThat(output.getAll().lines().filter((line) -> line.contains(secret))).isEmpty();
	}

	@Test
	void aSecretWithoutAKeyIsRefusedWithTheRemedy() {
		centre.startServer();
		centre.save("shop.yml", "greeting:\n  secret: '{cipher}0011'\n");
		awaitRefusal("ENCRYPT_KEY");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> centre.api().encrypt("anything"))
			.withMessageContaining("ENCRYPT_KEY");
	}

	@Test
	void aConsulThatStartsEmptyIsToldEverythingAgain() {
		centre.startServer();
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		await().until(() -> centre.api().overview().instances().size() == 1);
		centre.replaceConsul();
		await().atMost(Duration.ofSeconds(30)).until(() -> centre.api().overview().instances().size() == 1);
		centre.save("shop.yml", "greeting:\n  text: after it\n");
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(greeting(shop).text()).isEqualTo("after it"));
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
		for (String path : List.of("/decrypt", "/encrypt", "/key", "/shop/default/main/..%2F..%2Fpom.xml")) {
			HttpStatusCode status = centre.http()
				.get()
				.uri(URI.create(centre.address() + path))
				.exchange((request, response) -> response.getStatusCode());
			assertThat(status.is2xxSuccessful()).as(path).isFalse();
		}
	}

	// What is saved next goes to the instance first.
	private ConfigurableApplicationContext startGray() {
		ConfigurableApplicationContext shop = centre.startClient("shop", 1);
		await().until(() -> centre.api().overview().instances().size() == 1);
		centre.api().startGray(null, null, Map.of("instance", "shop-1"), "ada", "careful");
		return shop;
	}

	private String post(String path, String body) {
		return centre.http()
			.post()
			.uri(path)
			.header("Content-Type", "application/json")
			.body(body)
			.exchange((request, response) -> new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
	}

	private void awaitRefusal(String text) {
		await().untilAsserted(() -> {
			Revision newest = centre.api().history(1).revisions().get(0);
			assertThat(newest.state()).isEqualTo("REFUSED");
			assertThat(newest.problems()).extracting(ConfigCentreIntegrationTests::text)
				.anySatisfy((problem) -> assertThat(problem).contains(text));
		});
	}

	private static @Nullable LogLevel level(String logger) {
		LoggerConfiguration configuration = LoggingSystem.get(ConfigCentreIntegrationTests.class.getClassLoader())
			.getLoggerConfiguration(logger);
		return (configuration != null) ? configuration.getEffectiveLevel() : null;
	}

	private static String text(Problem problem) {
		return problem.file() + ":" + problem.line() + " " + problem.key() + ": " + problem.reason();
	}

	private void awaitOn(String revision, String instance) {
		await().untilAsserted(() -> assertThat(instance(instance).revision()).isEqualTo(revision));
	}

	private Instance instance(String name) {
		return centre.api()
			.overview()
			.instances()
			.stream()
			.filter((instance) -> instance.instance().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static List<String> texts(List<ConfigurableApplicationContext> shops) {
		return shops.stream().map((shop) -> greeting(shop).text()).toList();
	}

	private static boolean refused(ConfigurableApplicationContext shop) {
		return status(shop).report().refused() != null;
	}

	private static void ask(ConfigurableApplicationContext shop) {
		for (int i = 0; i < 10; i++) {
			http(shop).get().uri("/greeting").exchange((request, response) -> response.getStatusCode());
		}
	}

	private String content(Path file) {
		try {
			return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
