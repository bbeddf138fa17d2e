package com.example.configserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.example.platform.configprotocol.api.Difference;
import com.example.platform.configprotocol.api.Overview;
import com.example.platform.configprotocol.api.Revision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static com.example.configserver.Centre.greeting;
import static com.example.configserver.Centre.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Revisions that reach some instances first, and those that are taken back.
 */
class GrayReleaseIntegrationTests {

	private final Centre centre;

	GrayReleaseIntegrationTests(@TempDir Path root) {
		this.centre = Centre.ofDeli(root);
	}

	@AfterEach
	void close() {
		centre.close();
	}

	@Test
	void aRollbackIsANewRevisionWithAnEarlierContent() throws IOException {
		centre.startServer();
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		String first = centre.api().overview().current();
		centre.save("deli.yml", "greeting:\n  text: a mistake\n");
		await().untilAsserted(() -> assertThat(greeting(deli).text()).isEqualTo("a mistake"));
		Revision restored = centre.api().rollBack(null, "ada", "nobody liked it");
		await().untilAsserted(() -> assertThat(greeting(deli).text()).isEqualTo("hello"));
		assertThat(Files.readString(centre.folder().resolve("deli.yml"))).isEqualTo("greeting:\n  text: hello\n");
		List<Revision> history = centre.api().history(10).revisions();
		assertThat(history).extracting(Revision::message).startsWith("nobody liked it", "deli.yml saved");
		assertThat(history.get(0).id()).isEqualTo(restored.id()).isNotEqualTo(first);
		assertThat(history.get(0).author()).isEqualTo("ada");
		assertThatThrownBy(() -> centre.api().rollBack("ffffffff", "ada", null))
			.hasMessageContaining("There is no revision ffffffff");
	}

	@Test
	void aGrayRevisionReachesItsShareAloneUntilItIsPromoted() {
		centre.startServer();
		List<ConfigurableApplicationContext> shops = centre.startTwo("deli");
		centre.api().startGray(null, 50, Map.of(), "ada", "careful");
		centre.save("deli.yml", "greeting:\n  text: new\n");
		await().until(() -> texts(shops).contains("new"));
		assertThat(texts(shops)).containsExactlyInAnyOrder("hello", "new");
		assertThat(Objects.requireNonNull(centre.api().overview().gray()).instances()).hasSize(1);
		// A restarted instance stays on its side.
		int gray = texts(shops).indexOf("new");
		shops.get(gray).close();
		ConfigurableApplicationContext again = centre.startClient("deli", gray + 1);
		assertThat(greeting(again).text()).isEqualTo("new");
		centre.api().promote("ada", null);
		await().until(() -> greeting(shops.get(1 - gray)).text().equals("new"));
		assertThat(centre.api().overview().gray()).isNull();
	}

	@Test
	void anAbandonedGrayRevisionIsTakenOutOfTheFolderToo() throws IOException {
		centre.startServer();
		ConfigurableApplicationContext deli = startGray();
		centre.save("deli.yml", "greeting:\n  text: new\n");
		await().until(() -> greeting(deli).text().equals("new"));
		centre.api().abandon("ada", "not good");
		await().until(() -> greeting(deli).text().equals("hello"));
		assertThat(Files.readString(centre.folder().resolve("deli.yml"))).contains("hello");
		assertThat(centre.api().overview().events()).extracting(Overview.Event::kind)
			.startsWith("rolled-back", "abandoned");
	}

	@Test
	void aGrayRevisionThatFailsIsTakenBackByItselfWithTheReason() {
		centre.startServer("--platform.config-server.gray.interval=200ms");
		List<ConfigurableApplicationContext> shops = centre.startTwo("deli");
		centre.api().startGray(null, 50, Map.of(), "ada", "careful");
		centre.save("deli.yml", "greeting:\n  text: new\n  failures: 5\n");
		await().until(() -> texts(shops).contains("new"));
		await().atMost(Duration.ofSeconds(20)).until(() -> {
			shops.forEach(GrayReleaseIntegrationTests::ask);
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
		List<ConfigurableApplicationContext> shops = centre.startTwo("deli");
		centre.api().startGray(null, null, Map.of("instance", "deli-1"), "ada", "careful");
		centre.save("deli.yml", "greeting:\n  text: new\n  failures: 11\n");
		await().until(() -> centre.api().overview().gray() == null);
		assertThat(centre.api().overview().events()).anySatisfy((event) -> {
			assertThat(event.kind()).isEqualTo("taken-back");
			assertThat(event.message()).contains("deli-1 refuses it")
				.contains("deli.yml:3 greeting.failures: must be less than or equal to 10");
		});
		await().untilAsserted(() -> assertThat(shops).map(Centre::refused).containsOnly(false));
		assertThat(texts(shops)).containsExactly("hello", "hello");
		assertThat(Centre.content(centre.folder().resolve("deli.yml"))).isEqualTo("greeting:\n  text: hello\n");
	}

	@Test
	void aRollbackLeavesOutWhatWasNeverReleasedToAll() {
		centre.startServer();
		ConfigurableApplicationContext deli = startGray();
		centre.save("deli.yml", "greeting:\n  text: first try\n");
		await().until(() -> greeting(deli).text().equals("first try"));
		centre.save("deli.yml", "greeting:\n  text: second try\n");
		await().until(() -> greeting(deli).text().equals("second try"));
		centre.api().promote("ada", null);
		assertThat(centre.api().history(3).revisions()).extracting(Revision::state)
			.containsExactly("CURRENT", "UNKNOWN", "RELEASED");
		assertThat(centre.api().difference(null, null, "deli").services().get(0).changes())
			.extracting(Difference.Change::before)
			.containsExactly("hello");
		centre.api().rollBack(null, "ada", null);
		await().until(() -> greeting(deli).text().equals("hello"));
	}

	@Test
	void anEarlierRevisionCanBeTriedOnSomeAndPromotedToAll() {
		centre.startServer();
		List<ConfigurableApplicationContext> shops = centre.startTwo("deli");
		String earlier = centre.api().overview().current();
		centre.save("deli.yml", "greeting:\n  text: a mistake\n");
		await().until(() -> texts(shops).equals(List.of("a mistake", "a mistake")));
		centre.api().startGray(earlier, null, Map.of("instance", "deli-1"), "ada", "was it better?");
		await().until(() -> texts(shops).equals(List.of("hello", "a mistake")));
		centre.api().promote("ada", null);
		await().until(() -> texts(shops).equals(List.of("hello", "hello")));
		assertThat(Centre.content(centre.folder().resolve("deli.yml"))).isEqualTo("greeting:\n  text: hello\n");
	}

	@Test
	void whileARevisionIsGrayNeitherAnotherOneNorARollbackBegins() {
		centre.startServer();
		ConfigurableApplicationContext deli = startGray();
		centre.save("deli.yml", "greeting:\n  text: new\n");
		await().until(() -> greeting(deli).text().equals("new"));
		assertThatThrownBy(() -> centre.api().startGray(null, 50, Map.of(), "grace", null))
			.hasMessageContaining("Promote or abandon it first");
		assertThatThrownBy(() -> centre.api().rollBack(null, "grace", null))
			.hasMessageContaining("Promote or abandon it before you roll back");
		assertThat(greeting(deli).text()).isEqualTo("new");
		centre.api().promote("ada", null);
		assertThatThrownBy(() -> centre.api().promote("grace", null)).hasMessageContaining("No gray release is out");
	}

	// What is saved next goes to the instance first.
	private ConfigurableApplicationContext startGray() {
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		await().until(() -> centre.api().overview().instances().size() == 1);
		centre.api().startGray(null, null, Map.of("instance", "deli-1"), "ada", "careful");
		return deli;
	}

	private static List<String> texts(List<ConfigurableApplicationContext> shops) {
		return shops.stream().map((deli) -> greeting(deli).text()).toList();
	}

	private static void ask(ConfigurableApplicationContext deli) {
		for (int i = 0; i < 10; i++) {
			http(deli).get().uri("/greeting").exchange((request, response) -> response.getStatusCode());
		}
	}

}
