package com.example.launcher.contracts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RestContractsTests {

	private static final String SERVICE = "item-service";

	private static final String RELEASED = "contracts/openapi/item-service.json";

	private static final String CONTROLLER = "services/item-service/src/main/java/ItemController.java";

	private final Path root;

	private final RestContracts contracts;

	private final String document;

	RestContractsTests(@TempDir Path root) throws IOException {
		this.root = root;
		contracts = new RestContracts(new Workspace(root));
		try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("items.json"))) {
			document = new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@BeforeEach
	void writeRepository() throws IOException {
		write("services/item-service/pom.xml", "");
		write("services/item-service/src/test/java/ItemOpenApiIntegrationTests.java", "");
		write(CONTROLLER, """
				@RestController
				@RequestMapping(path = "/api/items", produces = MediaType.APPLICATION_JSON_VALUE)
				class ItemController {

					@GetMapping
					Page list() {

					@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
					Item create() {

					@GetMapping("/{itemId}")
					Item get(@PathVariable long itemId) {
				""");
		write("services/item-service/src/main/resources/application.yml", "tags: public=/api/items");
		write("gateway/src/main/resources/application.yml", "- Path=/api/items,/api/items/**\n- Path=/api/itemsets/**");
		write("services/shop-service/src/main/java/Shop.java", """
				// GET /api/items/{id} answers it
				client.get().uri("/api/items/{id}", id);
				client.get().uri("/api/items/" + id);
				run("%s/api/items/best");
				say("for example GET /api/items/best");
				client.get().uri("/api/items/7/note");
				client.get().uri("/api/items");
				String request = "DELETE /api/items/7";
				""");
	}

	@Test
	void whatWasNotReleasedCannotBreak() {
		assertThat(contracts.check(SERVICE, document)).isEmpty();
		assertThat(contracts.check(Map.of(RELEASED, document))).isEmpty();
	}

	@Test
	void whatBreaksIsToldWithItsLineAndThoseWhoCallIt() throws IOException {
		release();
		assertThat(contracts.check(SERVICE, document)).isEmpty();
		List<Breakage> found = contracts.check(SERVICE, document.replace("\"createdAt\"", "\"created\""));
		assertThat(found).hasSize(3);
		assertThat(Breakage.text(found)).endsWith(
				"""
						%s:11: item-service: GET /api/items/{id}, response 200, field createdAt was removed
						    breaks gateway, for all who call from outside  gateway/src/main/resources/application.yml:1  GET /api/items/{id}
						    breaks services/shop-service  services/shop-service/src/main/java/Shop.java:2  GET /api/items/{id}
						    breaks services/shop-service  services/shop-service/src/main/java/Shop.java:3  GET /api/items/{id}
						    breaks services/shop-service  services/shop-service/src/main/java/Shop.java:4  GET /api/items/{id}
						"""
					.formatted(CONTROLLER)
					.replace("\n", System.lineSeparator()));
	}

	@Test
	void callersAreToldOnceForAllThatBreaksThem() throws IOException {
		release();
		String text = Breakage.text(contracts.check(SERVICE,
				document.replace("\"createdAt\"", "\"created\"").replace("\"tags\"", "\"marks\"")));
		assertThat(text.lines().filter((line) -> line.contains("GET /api/items/{id}, response"))).hasSize(2);
		assertThat(text.lines().filter((line) -> line.contains("Shop.java:2"))).hasSize(1);
	}

	@Test
	void aServiceMayPublishItsPathItself() throws IOException {
		release();
		Files.delete(root.resolve("gateway/src/main/resources/application.yml"));
		assertThat(contracts.callers("GET /api/items")).first()
			.extracting(Caller::file)
			.isEqualTo("services/item-service/src/main/resources/application.yml");
	}

	@Test
	void whatIsGoneIsToldWhereItWasReleased() throws IOException {
		release();
		assertThat(contracts.check(SERVICE, document.replace("/api/items/{id}/note", "/api/items/{id}/notes")))
			.singleElement()
			.satisfies((breakage) -> {
				assertThat(breakage.reason()).isEqualTo("item-service: PUT /api/items/{id}/note is gone");
				assertThat(breakage.file()).isEqualTo(RELEASED);
				assertThat(Files.readAllLines(root.resolve(RELEASED)).get(breakage.line() - 1))
					.contains("/api/items/{id}/note");
				assertThat(breakage.callers()).last().extracting(Caller::line).isEqualTo(6);
			});
	}

	@Test
	void aServiceThatIsGoneBreaksWhatWasReleasedOfIt() throws IOException {
		release();
		assertThat(contracts.check(Map.of())).singleElement().extracting(Breakage::file).isEqualTo(RELEASED);
	}

	@Test
	void callersAreFoundByOperationAndPath() throws IOException {
		release();
		assertThat(contracts.callers("DELETE /api/items/{id}")).extracting(Caller::line).containsExactly(1, 2, 3, 4, 8);
		assertThat(contracts.callers("/api/items")).extracting(Caller::method)
			.contains("GET /api/items", "POST /api/items", "PUT /api/items/{id}/note");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> contracts.callers("/api/item"))
			.withMessageStartingWith("No operation /api/item was released;")
			.withMessageContaining("GET /api/items, POST /api/items");
	}

	@Test
	void aReleaseThatCannotBeReadIsToldWithWhatToDo() throws IOException {
		write(RELEASED, "{");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> contracts.check(SERVICE, document))
			.withMessageContaining("'./dev contracts release' writes it anew");
	}

	@Test
	void aReleaseWritesAllOrNothing() throws IOException {
		write("contracts/openapi/old-service.json", "{}");
		write("contracts/released.json", "old");
		Release release = new Release(new Workspace(root));
		write("blocked", "a file where a folder is needed");
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> release.write(new TreeMap<>(Map.of("a.json", "a", "blocked/b.json", "b"))))
			.withMessageContaining("Check the disk");
		assertThat(root.resolve("a.json")).doesNotExist();
		assertThat(root.resolve("a.json.new")).doesNotExist();

		assertThat(release.write(Map.of("contracts/released.json", "new", RELEASED, "{}"))).containsExactlyInAnyOrder(
				"change contracts/released.json", "create " + RELEASED, "delete contracts/openapi/old-service.json");
		assertThat(root.resolve("contracts/released.json")).hasContent("new");
		assertThat(root.resolve("contracts/openapi/old-service.json")).doesNotExist();
	}

	@Test
	void everyServiceWithARestApiComparesItAndEveryReleasedOneIsThere() throws IOException {
		Workspace repository = new Workspace(Path.of("..").toAbsolutePath().normalize());
		List<String> services = new RestContracts(repository).services();
		for (String service : repository.services()) {
			try (Stream<Path> sources = Files
				.walk(repository.root().resolve("services/" + service + "/src/main/java"))) {
				for (Path source : (Iterable<Path>) sources.filter(Files::isRegularFile)::iterator) {
					if (Files.readString(source).contains("@RestController")) {
						assertThat(services).as("Give it a test like UserOpenApiIntegrationTests").contains(service);
					}
				}
			}
		}
		assertThat(services.stream().map(RestContracts::file))
			.as("If a service was removed on purpose, './dev contracts release' takes its document out")
			.containsAll(new RestContracts(repository).released());
	}

	private void release() throws IOException {
		RestContracts.write(SERVICE, document, Files.createDirectories(root.resolve("contracts/openapi")));
	}

	private void write(String file, String text) throws IOException {
		Path path = root.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, text);
	}

}
