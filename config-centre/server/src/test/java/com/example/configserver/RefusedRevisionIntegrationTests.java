package com.example.configserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import com.example.launcher.process.LocalSystemException;
import com.example.platform.configprotocol.api.Revision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static com.example.configserver.Centre.greeting;
import static com.example.configserver.Centre.http;
import static com.example.configserver.Centre.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Revisions that the server or an instance refuses.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedRevisionIntegrationTests {

	private final Centre centre;

	RefusedRevisionIntegrationTests(@TempDir Path root) {
		this.centre = Centre.ofDeli(root);
	}

	@AfterEach
	void close() {
		centre.close();
	}

	@Test
	void whatTheServerCanTellIsRefusedThere() {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		await().until(() -> !centre.api().keys("deli").keys().isEmpty());
		centre.save("deli.yml", "greeting:\n  text: \"unfinished\n");
		centre.awaitRefusal("scanning a quoted scalar");
		centre.save("deli.yml", "platform:\n  config-client:\n    enabeld: true\n");
		centre.awaitRefusal("platform.config-client.enabled");
		centre.save("deli.yml", "greeting:\n  failures: many\n");
		centre.awaitRefusal("deli.yml:2 greeting.failures");
		assertThat(greeting(deli).text()).isEqualTo("hello");
		assertThat(status(deli).report().refused()).isNull();
		centre.save("deli.yml", "greeting:\n  text: repaired\n");
		await().untilAsserted(() -> assertThat(greeting(deli).text()).isEqualTo("repaired"));
	}

	@Test
	void whatOnlyTheInstanceCanTellIsRefusedThereAndShownHere(CapturedOutput output) {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		centre.save("deli.yml", "greeting:\n  text: never seen\n  failures: 11\n");
		await().until(() -> status(deli).report().refused() != null);
		assertThat(greeting(deli).text()).isEqualTo("hello");
		String why = "deli.yml:3 greeting.failures: must be less than or equal to 10";
		await().untilAsserted(() -> assertThat(output).contains("is refused").contains(why));
		assertThat(http(deli).get().uri("/actuator/health/configuration").retrieve().body(String.class))
			.contains("\"status\":\"UP\"")
			.contains(why);
		assertThat(http(deli).get().uri("/actuator/prometheus").retrieve().body(String.class))
			.contains("platform_config_refused 1.0");
		await().untilAsserted(() -> assertThat(Objects.requireNonNull(centre.instance("deli-1").refused()).problems())
			.extracting(Centre::text)
			.containsExactly(why));
		assertThat(centre.api().overview().events().get(0).kind()).isEqualTo("refused-by-service");
		// An instance that starts now would not start on it.
		ConfigurableApplicationContext second = centre.startClient("deli", 2);
		assertThat(greeting(second).text()).isEqualTo("hello");
		centre.save("deli.yml", "greeting:\n  text: repaired\n  failures: 10\n");
		await().untilAsserted(() -> assertThat(greeting(second).text()).isEqualTo("repaired"));
		await().untilAsserted(() -> assertThat(status(deli).report().refused()).isNull());
	}

	@Test
	void aServiceThatRefusesStartsOnWhatItRanWhateverIsReleasedMeanwhile() {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		centre.save("deli.yml", "greeting:\n  text: never seen\n  failures: 11\n");
		await().until(() -> centre.api().overview().events().get(0).kind().equals("refused-by-service"));
		deli.close();
		centre.save("other.yml", "x: 1\n");
		await().until(() -> centre.api().overview().events().get(0).kind().equals("released"));
		ConfigurableApplicationContext again = centre.startClient("deli", 1);
		assertThat(greeting(again).text()).isEqualTo("hello");
		await().until(() -> Centre.refused(again));
		await().until(() -> centre.api().overview().events().get(0).kind().equals("refused-by-service"));
		centre.save("deli.yml", "greeting:\n  text: repaired\n");
		await().until(() -> greeting(again).text().equals("repaired"));
	}

	@Test
	void whatWasRefusedIsStillExplainedAfterARestart() {
		ConfigurableApplicationContext server = centre.startServer();
		centre.startClient("deli", 1);
		await().until(() -> !centre.api().keys("deli").keys().isEmpty());
		centre.save("deli.yml", "platform:\n  config-client:\n    enabeld: true\n");
		centre.awaitRefusal("platform.config-client.enabled");
		assertThatThrownBy(() -> centre.api().difference(null, "0000", null)).hasMessageContaining("no revision 0000");
		server.close();
		centre.startServer();
		centre.awaitRefusal("deli.yml:3 platform.config-client.enabeld: unknown key");
		centre.save("deli.yml", "greeting:\n  text: \"unfinished\n");
		centre.awaitRefusal("scanning a quoted scalar");
		String newest = centre.api().history(1).revisions().get(0).id();
		assertThatThrownBy(() -> centre.api().difference(null, newest, null)).hasMessageContaining("deli.yml:")
			.hasMessageContaining("scanning a quoted scalar");
	}

	@Test
	void aFileThatStandsForMillionsOfValuesIsRefusedAndHidesNoOtherRevision() {
		ConfigurableApplicationContext server = centre.startServer();
		StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
		for (int i = 1; i <= 6; i++) {
			bomb.append("a%d: &a%d [%s]%n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
		}
		centre.save("deli.yml", bomb.toString());
		centre.awaitRefusal("more than 20000 values");
		server.close();
		centre.startServer();
		centre.awaitRefusal("more than 20000 values");
		assertThat(centre.api().history(20).revisions()).extracting(Revision::state).contains("CURRENT", "REFUSED");
		centre.save("deli.yml", "greeting:\n  text: repaired\n");
		await().until(() -> centre.api().history(1).revisions().get(0).state().equals("CURRENT"));
		assertThat(centre.api().difference(null, null, null).services()).isNotEmpty();
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
	void aKeyThatIsRefusedAsUnknownCountsAsSoonAsAServiceSaysThatItKnowsIt() {
		centre.startServer();
		centre.startClient("deli", 1);
		await().until(() -> !centre.api().keys("deli").keys().isEmpty());
		centre.save("deli.yml", "platform:\n  config-client:\n    brand-new: true\n");
		centre.awaitRefusal("platform.config-client.brand-new");
		String newest = centre.api().history(1).revisions().get(0).id();
		centre.tellKeys("future", "platform.config-client.brand-new");
		await().until(() -> newest.equals(centre.api().overview().current()));
	}

	@Test
	void aKeyThatNeedsARestartIsReportedAsPendingUntilThen() {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		centre.save("deli.yml", "greeting:\n  text: hello\nserver:\n  max-http-request-header-size: 9KB\n");
		await().untilAsserted(() -> assertThat(centre.instance("deli-1").pending())
			.containsExactly("server.max-http-request-header-size"));
		centre.save("deli.yml", "greeting:\n  text: hello\n");
		await().untilAsserted(() -> assertThat(centre.instance("deli-1").pending()).isEmpty());
		assertThat(deli.isRunning()).isTrue();
	}

	@Test
	void aSecretWithoutAKeyIsRefusedWithTheRemedy() {
		centre.startServer();
		centre.save("deli.yml", "greeting:\n  secret: '{cipher}0011'\n");
		centre.awaitRefusal("ENCRYPT_KEY");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> centre.api().encrypt("anything"))
			.withMessageContaining("ENCRYPT_KEY");
	}

}
