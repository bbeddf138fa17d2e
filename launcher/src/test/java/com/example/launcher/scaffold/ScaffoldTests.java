package com.example.launcher.scaffold;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.example.launcher.build.ApplicationPorts;
import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ScaffoldTests {

	private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private static Path folder;

	@SuppressWarnings("NullAway.Init") // set before all tests
	private static RepositoryCopy copy;

	// This test runs under other names, too.
	@SuppressWarnings("NullAway.Init") // set before all tests
	private static Names names;

	@BeforeAll
	static void copyRepository() throws IOException {
		copy = RepositoryCopy.in(folder);
		names = Names.of(new WorkTree(copy.workspace()));
	}

	@AfterEach
	void takeBack() {
		copy.git("restore", "--staged", "--worktree", ".");
		copy.git("clean", "-fdq");
	}

	static Stream<Set<Capability>> capabilities() {
		Capability[] all = Capability.values();
		return IntStream.range(1, 1 << all.length).<Set<Capability>>mapToObj((bits) -> {
			Set<Capability> some = EnumSet.noneOf(Capability.class);
			IntStream.range(0, all.length).filter((i) -> (bits & (1 << i)) != 0).forEach((i) -> some.add(all[i]));
			return some;
		}).filter((some) -> some.contains(Capability.REST) || some.contains(Capability.GRPC));
	}

	@Test
	void aNewServiceStandsWhereAnOlderOneDoesAndGoesWithoutATrace() throws IOException {
		String before = copy.git("rev-parse", "HEAD").strip();
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.newService("stock-entry", ALL, "user-service");
		assertThat(copy.git("status", "--porcelain")).isEmpty();
		scaffold.apply(System.out::println);
		assertThat(copy.workspace().services()).contains("stock-entry-service");
		assertThat(copy.workspace().ports("stock-entry-service")).isEqualTo(new ApplicationPorts(8083, 9083, 0));
		assertThat(copy.read(
				"services/stock-entry-service/src/main/java/com/example/stockentry/catalog/StockEntryController.java"))
			.contains("class StockEntryController", "/api/stock-entries", "StockEntries stockEntries",
					"Create a stock entry");
		assertThat(copy.read("contracts/src/main/protobuf/stock_entry/v1/stock_entry.proto"))
			.contains("package stock_entry.v1;", "com.example.contracts.stockentry.v1");
		assertThat(copy.read("docker-compose.yml")).contains("\n  stock-entry-service:\n    <<: *service\n",
				"SERVER_PORT: 8083", "jdbc:postgresql://postgres:5432/stock_entry_service",
				"\n  stock-entry-service-state:\n");
		assertThat(copy.read("k8s/base/stock-entry-service.yaml")).contains("containerPort: 9083")
			.doesNotContain("user-service", "8081");
		assertThat(copy.read(".run/stock-entry-service.run.xml")).contains(".stockentry.StockEntryServiceApplication");
		assertThat(copy.read(".vscode/launch.json")).contains("\"projectName\": \"stock-entry-service\"",
				".stockentry.StockEntryServiceApplication\"");
		assertThat(copy.read(".vscode/tasks.json")).contains("\"user-service\",\n        \"stock-entry-service\",\n");
		assertThat(copy.git("diff", "--numstat")).matches("(?s)(\\d+\\t0\\t[^\\n]*\\n)+");
		assertThat(copy.read(
				"services/stock-entry-service/src/test/java/com/example/stockentry/StockEntryOpenApiIntegrationTests.java"))
			.contains("new ReleasedRestApi(\"stock-entry-service\")");

		Path released = copy.root().resolve("contracts/openapi/stock-entry-service.json");
		Files.writeString(Files.createDirectories(released.getParent()).resolve(released.getFileName()), "{}");
		copy.commit();
		Scaffold removal = new Scaffold(copy.workspace());
		removal.removeService("stock-entry-service");
		removal.apply(System.out::println);
		copy.commit();
		assertThat(copy.git("diff", "--stat", before, "HEAD")).isEmpty();
		assertThat(copy.root().resolve("services/stock-entry-service")).doesNotExist();
		copy.git("reset", "-q", "--hard", before);
	}

	@Test
	void whatSomebodyHasTakenOutIsNotMissed() throws IOException {
		String before = copy.git("rev-parse", "HEAD").strip();
		copy.git("rm", "-rq", "k8s", ".run", ".vscode", "docker-compose.yml", "docs", "README.md");
		copy.commit();
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.newService("invoice", ALL, "user-service");
		scaffold.write();
		assertThat(copy.workspace().services()).contains("invoice-service");
		assertThat(copy.git("diff", "--name-only"))
			.isEqualTo("config-repo/Kustomization\npom.xml\nsystem-tests/pom.xml\n");
		assertThat(copy.git("ls-files", "--others").lines())
			.allMatch((file) -> file.matches("(services/invoice-service|config-repo|contracts)/.*"));
		copy.git("clean", "-fdq");
		copy.git("reset", "-q", "--hard", before);
	}

	@ParameterizedTest
	@MethodSource("capabilities")
	void whatAServiceDoesNotHaveIsNotMentioned(Set<Capability> some) throws IOException {
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.newService("invoice", some, some.contains(Capability.CLIENT) ? "order-service" : null);
		scaffold.write();
		List<String> files = copy.git("ls-files", "--others", "--exclude-standard").lines().toList();
		StringBuilder all = new StringBuilder();
		for (String file : files) {
			String text = copy.read(file);
			all.append(text);
			assertThat(text).as(file)
				.doesNotContainPattern(
						"(?i)sample.?item|\\b(if|end) -->|(//|#|--) (if (rest|grpc|database|jobs|client)|end)$");
			if (file.endsWith(".yml") || file.endsWith(".yaml")) {
				new Yaml().loadAll(text).forEach((document) -> assertThat(document).as(file).isNotNull());
			}
		}
		all.append(copy.git("diff", "-U0"));
		assertThat(all.toString().contains("@RestController")).isEqualTo(some.contains(Capability.REST));
		assertThat(all.toString().contains("public=/api/invoices")).isEqualTo(some.contains(Capability.REST));
		assertThat(all.toString().contains("SPRING_GRPC_SERVER")).isEqualTo(some.contains(Capability.GRPC));
		assertThat(all.toString().contains("@GrpcService")).isEqualTo(some.contains(Capability.GRPC));
		boolean database = some.contains(Capability.DATABASE) || some.contains(Capability.JOBS);
		for (String word : List.of("datasource", "DATASOURCE", "JdbcClient", "invoice-service-database", "WithPostgres",
				"create table")) {
			assertThat(all.toString().contains(word)).as(word).isEqualTo(database);
		}
		assertThat(all.toString().contains("@Job(")).isEqualTo(some.contains(Capability.JOBS));
		assertThat(all.toString().contains("GrpcPlacingClient")).isEqualTo(some.contains(Capability.CLIENT));
		assertThat(all.toString()).doesNotContain("GetUser", "contracts.user");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Invoice          | is no name of a service
			invoice_service  | is no name of a service
			-a               | is no name of a service
			a--b             | is no name of a service
			../a             | is no name of a service
			'in voice'       | is no name of a service
			''               | is no name of a service
			2nd              | is no name of a service
			发票               | is no name of a service
			aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | at most 40 characters
			int-service      | means something else in Java
			new-class        | means something else in Java
			string           | like one of java.lang
			record           | like one of java.lang
			config-server-service | There is a package com.example.configserver already
			b2b-order        | digits at the end of a word only
			reference        | means something else
			catalog          | that the rules forbid
			config           | that the rules forbid
			user-service     | There is services/user-service already
			order            | There is services/order-service already
			instant          | A class named Instant is used by every service
			supplier         | A class named Supplier is used by every service
			problem          | A class named Problems is used by every service
			setting          | means something else
			user-service-audit | has the word service inside
			service-desk     | has the word service inside
			""")
	void aNameThatCannotBeIsRefused(String name, String reason) {
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> new Scaffold(copy.workspace()).newService(name, ALL, "user-service"))
			.withMessageContaining(reason);
	}

	@Test
	void aPackageThatIsThereIsRefused() {
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> new Scaffold(copy.workspace()).newService(names.project(), ALL, "user-service"))
			.withMessageContaining("There is a package " + names.group() + "." + names.project() + " already");
	}

	@ParameterizedTest
	@ValueSource(strings = { "none-service", "gateway" })
	void aServiceThatCannotBeCalledIsRefused(String called) {
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> new Scaffold(copy.workspace()).newService("invoice", ALL, called))
			.withMessageMatching("(?s).*(Services with one: order-service, user-service|Choose another one).*");
	}

	@Test
	void theServiceOfTheTutorialGoesToo() throws IOException {
		makeInvoices();
		copy.commit();
		Scaffold removal = new Scaffold(copy.workspace());
		removal.removeService("invoice-service");
		removal.write();
		copy.commit();
		assertThat(copy.git("diff", "--stat", "HEAD~2", "HEAD")).isEmpty();
		copy.git("reset", "-q", "--hard", "HEAD~2");
	}

	@Test
	void aServiceWhoseContractWasReleasedGoesWithTheAdviceToReleaseAnew() throws IOException {
		makeInvoices();
		copy.write("contracts/released.json", "{\"file\": [{\"name\": \"invoice/v1/invoice.proto\"}]}\n");
		copy.commit();
		Scaffold removal = new Scaffold(copy.workspace());
		removal.removeService("invoice-service");
		assertThat(removal.advice()).anyMatch((line) -> line.contains("./dev contracts release"));
		copy.git("reset", "-q", "--hard", "HEAD~1");
	}

	@Test
	void aServiceThatOthersNeedStays() {
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> new Scaffold(copy.workspace()).removeService("user-service"))
			.withMessageContaining("is still named in")
			.withMessageContaining("Take it out there first");
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> new Scaffold(copy.workspace()).removeService("none-service"))
			.withMessage("There is no service none-service. There are: order-service, user-service.");
	}

	@Test
	void everyNameIsReplacedAndBackAgain() throws IOException {
		String before = copy.git("rev-parse", "HEAD").strip();
		rename("io.acme.web", "bazaar");
		assertThat(copy.read("services/user-service/src/main/java/io/acme/web/user/account/UserSettings.java"))
			.contains("package io.acme.web.user.account;", "import io.acme.web.bazaar.liveconfiguration.Live;");
		assertThat(copy.read("pom.xml")).contains("<groupId>io.acme.web</groupId>\n  <artifactId>bazaar</artifactId>",
				"<artifactId>bazaar-scheduling</artifactId>");
		assertThat(copy.read("config-repo/application.yml")).contains("\nbazaar:\n  load-balancing:");
		assertThat(copy.read("docker-compose.yml")).contains("BAZAAR_CONFIG_SERVER_GIT_URI:");
		assertThat(copy.read("observability/prometheus/alerts.yml")).contains("bazaar_config_refused");
		assertThat(copy.read("docs/map.md")).contains("  user-service --> bazaar-grpc\n");
		assertThat(copy.read("k8s/base/namespace.yaml")).contains("name: bazaar");
		assertThat(copy.read("starters/defaults/src/main/resources/META-INF/spring.factories"))
			.contains("io.acme.web.bazaar.");
		assertThat(copy.root().resolve("starters/web/src/main/resources/META-INF/bazaar-defaults.properties")).exists();
		assertThat(copy.grep("\\b" + names.group().replace(".", "[./\\\\]+") + "\\b")).isEmpty();
		assertThat(copy.grep(names.project() + "(-(web|grpc|test|consul)|\\.[a-z]+\\.|_[a-z]|/[a-z]|:(\"|$))"))
			.filteredOn((line) -> !line.matches("(?s).*(org\\.junit\\.|git\\.example\\.com/|postgres\\.).*"))
			.isEmpty();
		assertThat(copy.grep("\\b" + names.project().toUpperCase(Locale.ROOT) + "_")).isEmpty();
		rename(names.group(), names.project());
		assertThat(copy.git("diff", "--name-only", before, "HEAD").lines())
			.allMatch((file) -> file.endsWith("/ScaffoldTests.java"));
		copy.git("reset", "-q", "--hard", before);
	}

	private static void rename(String group, String project) {
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.rename(group, project);
		scaffold.write();
		copy.commit();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			acme      | shop       | is no package
			com.Acme  | shop       | is no package
			com.new   | shop       | is no package
			org..acme | shop       | is no package
			com.acme  | my-shop    | is no name of a project
			com.acme  | Shop       | is no name of a project
			com.acme  | class      | is no name of a project
			com.acme  | spring     | is taken already
			com.acme  | gateway    | is taken already
			com.acme  | launcher   | is taken already
			com.acme  | order      | is taken already
			com.acme  | configserver | is taken already
			com.acme  | orders     | is taken already
			""")
	void namesThatCannotBeAreRefused(String group, String project, String reason) {
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> new Scaffold(copy.workspace()).rename(group, project))
			.withMessageContaining(reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "scheduling", "load-balancing", "resilience", "propagation", "observability", "database",
			"logging" })
	void aStarterGoesAsItsReadmeSays(String name) throws IOException {
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.removeStarter(name);
		scaffold.write();
		assertThat(copy.root().resolve("starters/" + name)).doesNotExist();
		assertThat(copy.grep("]\\([^)]*starters/" + name + "[/#)]", "*.md")).isEmpty();
		assertThat(copy.grep("<artifactId>" + names.project() + "-" + name + "<|starters/" + name + "</module>",
				"*pom.xml"))
			.isEmpty();
		assertThat(copy.read("docs/map.md")).doesNotContain(names.project() + "-" + name);
		assertThat(copy.grep("^  " + name + ":")
			.stream()
			.filter((line) -> line.startsWith("config-repo") || line.contains("src/main/resources/application.yml")))
			.isEmpty();
		for (String file : List.of("application", "order-service", "user-service")) {
			assertThat(new Yaml().<Object>load(copy.read("config-repo/" + file + ".yml"))).as(file).isNotNull();
		}
	}

	@Test
	void aStarterThatOthersStandOnStays() {
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> new Scaffold(copy.workspace()).removeStarter("consul"))
			.withMessageContaining("Others stand on starters/consul. Those that can be removed: database, ");
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> new Scaffold(copy.workspace()).removeStarter("none"))
			.withMessageContaining("There is no starters/none.");
	}

	@Test
	void aMigrationComesAfterTheLast() throws IOException {
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.newMigration("order-service", "add phone number");
		scaffold.write();
		assertThat(copy.read("services/order-service/src/main/resources/db/migration/V4__add_phone_number.sql"))
			.startsWith("-- Add phone number.");
		assertRefused((other) -> other.newMigration("order-service", "../x"), "cannot be the name of a migration");
		assertRefused((other) -> other.newMigration("none-service", "a"), "There is no service none-service");
	}

	@Test
	void aMethodIsInTheContractAndAnswered() throws IOException {
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.newMethod("user-service", "FindUsers", true);
		scaffold.write();
		assertThat(copy.read("contracts/src/main/protobuf/user/v1/user.proto")).contains("""
				    option idempotency_level = NO_SIDE_EFFECTS;
				  }

				  // FindUsers. Say what it does, and which errors there are.
				  rpc FindUsers(FindUsersRequest) returns (stream FindUsersResponse);
				}
				""").endsWith("\n\nmessage FindUsersRequest {}\n\nmessage FindUsersResponse {}\n");
		assertThat(copy.read("services/user-service/src/main/java/com/example/user/account/UserGrpcService.java"))
			.contains(".user.v1.FindUsersRequest;\n", """
						@Override
						public void findUsers(FindUsersRequest request, StreamObserver<FindUsersResponse> responses) {
							responses.onNext(FindUsersResponse.getDefaultInstance());
							responses.onCompleted();
						}

					}
					""");
	}

	@Test
	void aMethodThatCannotBeIsRefused() {
		assertRefused((scaffold) -> scaffold.newMethod("user-service", "GetUser", false),
				"has a method or messages called GetUser already");
		assertRefused((scaffold) -> scaffold.newMethod("user-service", "findUsers", false),
				"'findUsers' cannot be the name of a method");
		for (String keyword : List.of("Import", "Return", "New")) {
			assertRefused((scaffold) -> scaffold.newMethod("user-service", keyword, false),
					"means something else in Java");
		}
	}

	@Test
	void aMethodWhoseMessagesAreInAnotherFileOfTheContractIsRefused() throws IOException {
		makeInvoices();
		copy.commit();
		assertRefused((other) -> other.newMethod("invoice-service", "Greet", false),
				"greeting.proto has a method or messages called Greet already");
		copy.git("reset", "-q", "--hard", "HEAD~1");
	}

	@Test
	void aStarterWhoseClassesAreUsedStays() throws IOException {
		makeInvoices();
		copy.write("services/invoice-service/src/main/java/Nested.java",
				"import " + "com.example.platform.scheduling.job.Jobs.JobView;\n");
		copy.commit();
		assertRefused((other) -> other.removeStarter("scheduling"),
				"Classes of starters/scheduling are still used in 3 file(s): services/invoice-service/");
		copy.git("reset", "-q", "--hard", "HEAD~1");
	}

	@Test
	void whatIsNoTextIsMovedAsItIs() throws IOException {
		String group = names.group().replace('.', '/');
		String resources = "services/user-service/src/main/resources/";
		byte[] picture = { (byte) 0xff, (byte) 0xd8, 0, 1 };
		Files.createDirectories(copy.root().resolve(resources + group));
		Files.write(copy.root().resolve(resources + group + "/logo.jpg"), picture);
		Files.createSymbolicLink(copy.root().resolve("guide"), Path.of("docs"));
		copy.commit();
		rename("io.acme.web", "bazaar");
		assertThat(copy.root().resolve(resources + "io/acme/web/logo.jpg")).hasBinaryContent(picture);
		assertThat(copy.root().resolve(resources + group)).doesNotExist();
		assertThat(copy.root().resolve("guide")).isSymbolicLink();
		copy.git("reset", "-q", "--hard", "HEAD~2");
	}

	@Test
	void aLiveValueIsInTheRecordInTheConfigurationAndInTests() throws IOException {
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.newLiveValue("order-service", "orders.limits.open-for", NewLiveValue.Type.DURATION, "30m",
				"How long it is open.");
		scaffold.write();
		assertThat(copy.read("services/order-service/src/main/java/com/example/order/placing/OrderLimits.java"))
			.contains("import java.time.Duration;\nimport java.util.List;\n",
					" * @param openFor How long it is open.\n */",
					"long maxTotalMinorUnits,\n\t\t@DefaultValue(\"30m\") Duration openFor) {");
		assertThat(copy.read("config-repo/order-service.yml")).contains(
				"\n    max-total-minor-units: 100000000\n    # How long it is open.\n    open-for: 30m\n  # Who may order");
		assertThat(copy.read("services/order-service/src/test/java/com/example/order/placing/NewOrderTests.java"))
			.contains("new OrderLimits(2, 10, 100, Duration.ofMinutes(30))", "import java.time.Duration;\n");
	}

	@Test
	void bracketsInCommentsAndLiteralsAreNone() throws IOException {
		String file = "services/user-service/src/test/java/com/example/user/account/UserControllerTests.java";
		copy.write(file,
				copy.read(file)
					.replace("new UserSettings(\"Hello\", 10)",
							"// new UserSettings(\n\t\t\tnew UserSettings(\"(\\\\\", 10 /* ) */)"));
		String before = copy.git("rev-parse", "HEAD").strip();
		copy.commit();
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.newLiveValue("user-service", "search-limit", NewLiveValue.Type.INT, "10", "Users that are found.");
		scaffold.write();
		assertThat(copy.read(file)).contains("new UserSettings(\"(\\\\\", 10 /* ) */, 10)");
		copy.git("reset", "-q", "--hard", before);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			users: # all\\n  a: 1\\n\\n  b: 2\\n | users: # all\\n  a: 1\\n\\n  b: 2\\n  # M\\n  limit: 10\\n
			'"users":\\n  a: 1\\nother: 1\\n'   | '"users":\\n  a: 1\\n  # M\\n  limit: 10\\nother: 1\\n'
			{}\\n                              | users:\\n  # M\\n  limit: 10\\n
			""")
	void aKeyHasItsPlaceInTheFile(String before, String after) {
		assertThat(YamlKeys.with(before.replace("\\n", "\n"), "users.limit", "10", "M"))
			.isEqualTo(after.replace("\\n", "\n"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "users: {a: 1}\n", "users.limit: 5\n", "users:\n  limit: 5\n", "a: 1\n---\nb: 1\n", "a: [\n" })
	void aFileThatIsOtherwiseIsLeftToItsOwner(String yaml) {
		String after = YamlKeys.with(yaml, "users.limit", "10", "M");
		assertThat(YamlKeys.value(yaml, "users.limit").isPresent() || YamlKeys.value(after, "users.limit").isEmpty())
			.isTrue();
	}

	@Test
	void theOnlyRecordOfAServiceNeedsNoPrefix() throws IOException {
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.newLiveValue("user-service", "search-limit", NewLiveValue.Type.INT, "10", "Users that are found.");
		scaffold.write();
		assertThat(copy.read("config-repo/user-service.yml"))
			.endsWith("  page-size: 20\n  # Users that are found.\n  search-limit: 10\n");
	}

	@Test
	void aLiveValueThatCannotBeIsRefused() {
		assertRefused(
				(scaffold) -> scaffold.newLiveValue("order-service", "users.limit", NewLiveValue.Type.INT, "1", "One."),
				"Its live records: ");
		assertRefused((scaffold) -> scaffold.newLiveValue("user-service", "users.page-size", NewLiveValue.Type.INT, "1",
				"One."), "has pageSize already");
		assertRefused((scaffold) -> scaffold.newLiveValue("user-service", "users.limit", NewLiveValue.Type.INT, "1.5",
				"One."), "'1.5' is no int");
		assertRefused((scaffold) -> scaffold.newLiveValue("user-service", "users.searchLimit", NewLiveValue.Type.INT,
				"1", "One."), "cannot be a key");
		assertRefused((scaffold) -> scaffold.newLiveValue("user-service", "users.default", NewLiveValue.Type.INT, "1",
				"One."), "a meaning of its own");
		assertRefused(
				(scaffold) -> scaffold.newLiveValue("user-service", "users.limit", NewLiveValue.Type.INT, "08", "One."),
				"'08' is no int");
		assertRefused(
				(scaffold) -> scaffold.newLiveValue("user-service", "users.limit", NewLiveValue.Type.INT, "8", "*/5"),
				"without */");
	}

	private static void makeInvoices() {
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.newService("invoice-service", ALL, "user-service");
		scaffold.write();
	}

	private static void assertRefused(Consumer<Scaffold> change, String reason) {
		copy.git("restore", ".");
		copy.git("clean", "-fdq");
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> change.accept(new Scaffold(copy.workspace())))
			.withMessageContaining(reason);
	}

	@Test
	void nothingBeginsWhileSomethingIsNotCommitted() throws IOException {
		Files.writeString(copy.root().resolve("note.txt"), "mine");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> new Scaffold(copy.workspace()))
			.withMessageContaining("Some changes are not committed: note.txt. Commit them");
	}

	@Test
	void aFolderThatIsNoRepositoryIsRefused(@TempDir Path empty) throws IOException {
		Files.createDirectories(empty.resolve("services"));
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> new Scaffold(new Workspace(empty)))
			.withMessageContaining("'git init && git add . && git commit -m begin' makes one");
	}

	@Test
	void whenTheFormatterFailsEverythingIsAsItWas() throws IOException {
		Scaffold scaffold = new Scaffold(copy.workspace());
		scaffold.newService("invoice", ALL, "user-service");
		Files.writeString(copy.root().resolve(".mvn/maven.config"), "--no-such-option\n");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> scaffold.apply(System.out::println));
		assertThat(copy.git("status", "--porcelain")).isEmpty();
	}

	@Test
	void filesThatGitWasToldNotToShowAreSeenAllTheSame() throws IOException {
		copy.git("config", "status.showUntrackedFiles", "no");
		Files.writeString(copy.root().resolve("note.txt"), "mine");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> new Scaffold(copy.workspace()))
			.withMessageContaining("note.txt");
	}

}
