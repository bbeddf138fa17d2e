package com.example.launcher.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigTests {

	private static final String TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")
		.format(Instant.parse("2026-11-25T17:00:00Z").atZone(ZoneId.systemDefault()));

	private static final String REVISION = """
			{"id":"0123456789ab","parent":"89abcdef0123","author":"ada","time":"2026-11-25T17:00:00Z",
			"message":"order-service.yml saved","state":"CURRENT","reason":null,"problems":[]}
			""";

	private static final String USER = System.getProperty("user.name");

	private final StringWriter out = new StringWriter();

	private final StringWriter err = new StringWriter();

	private final RecordedServer server = new RecordedServer();

	ConfigTests() throws IOException {
	}

	@AfterEach
	void stopServer() {
		server.close();
	}

	@Test
	void helpIsPrintedWithoutASubcommand() {
		assertThat(execute("config")).isZero();

		assertThat(out.toString()).contains("history ", "diff ", "show ", "status ", "keys ", "rollback ", "gray ",
				"promote ", "abandon ", "encrypt ");
	}

	@Test
	void historyTellsWhatBecameOfEachRevision() {
		server.answer("/config/history",
				"""
						{"revisions":[%s,
						{"id":"456789abcdef","parent":"89abcdef0123","author":"grace","time":"2026-11-25T17:00:00Z",
						"message":"raise the limits","state":"REFUSED","reason":null,"problems":[
						{"file":"order-service.yml","line":12,"key":"orders.limits.max-lines","reason":"must be 1 or more"},
						{"file":"user-service.yml","line":null,"key":null,"reason":"is no YAML"}]},
						{"id":"89abcdef0123","parent":null,"author":"ada","time":"2026-11-25T17:00:00Z",
						"message":"a \\u001b[31mred subject\\nand a body","state":"RELEASED","reason":"errors rose","problems":[]}]}
						"""
					.formatted(REVISION));

		assertThat(dev("history", "-n", "3")).isZero();

		assertThat(server.request().line()).isEqualTo("GET /config/history?limit=3");
		assertThat(out.toString()).isEqualToNormalizingNewlines("""
				REVISION      STATE     TIME              AUTHOR  MESSAGE
				0123456789ab  current   AT  ada     order-service.yml saved
				456789abcdef  refused   AT  grace   raise the limits
				    order-service.yml:12 orders.limits.max-lines: must be 1 or more
				    user-service.yml: is no YAML
				89abcdef0123  released  AT  ada     a  [31mred subject
				    errors rose
				""".replace("AT  ", TIME + "  "));
	}

	@Test
	void anEmptyHistorySaysHowToStartOne() {
		server.answer("/config/history", "{\"revisions\":[]}");

		assertThat(dev("history")).isZero();

		assertThat(server.request().line()).isEqualTo("GET /config/history?limit=20");
		assertThat(out.toString()).contains("There is no revision yet.");
	}

	@Test
	void diffShowsValuesBeforeAndAfterPerService() {
		server.answer("/config/diff",
				"""
						{"from":"89abcdef0123","to":"0123456789ab","services":[
						{"service":"order-service","changes":[
						{"key":"orders.limits.max-lines","before":"20","after":"21","file":"order-service.yml","line":5,"live":true},
						{"key":"server.port","before":null,"after":"8081","file":"order-service.yml","line":9,"live":false},
						{"key":"old","before":"1","after":null,"file":null,"line":null,"live":null}]},
						{"service":"gateway","changes":[
						{"key":"a","before":"x","after":"y","file":"gateway.yml","line":1,"live":true}]}]}
						""");

		assertThat(dev("diff", "89ab", "0123", "--service=order service")).isZero();

		assertThat(server.request().line()).isEqualTo("GET /config/diff?from=89ab&to=0123&service=order+service");
		assertThat(out.toString()).isEqualToNormalizingNewlines("""
				89abcdef0123 -> 0123456789ab

				order-service
				  orders.limits.max-lines  20 -> 21           order-service.yml:5  live
				  server.port              (not set) -> 8081  order-service.yml:9  after a restart
				  old                      1 -> (not set)

				gateway
				  a      x -> y  gateway.yml:1  live
				""");
	}

	@Test
	void diffWithoutArgumentsLeavesTheChoiceToTheServer() {
		server.answer("/config/diff", "{\"from\":\"a\",\"to\":\"b\",\"services\":[]}");

		assertThat(dev("diff")).isZero();

		assertThat(server.request().line()).isEqualTo("GET /config/diff");
		assertThat(out.toString()).isEqualToNormalizingNewlines("a -> b\nNo value changes.\n");
	}

	@Test
	void showPrintsFilesAndCommentsOnly() {
		String answer = """
				{"revision":%s,"files":[{"name":"application.yml","text":"a: 1\\nb: 2\\n"},
				{"name":"order-service.yml","text":"c: 3"}]}
				""".formatted(REVISION);
		server.answer("/config/show/current", answer);

		assertThat(dev("show")).isZero();

		assertThat(server.request().line()).isEqualTo("GET /config/show/current");
		assertThat(out.toString()).isEqualToNormalizingNewlines("""
				# 0123456789ab current, ada, %s: order-service.yml saved

				# --- application.yml
				a: 1
				b: 2

				# --- order-service.yml
				c: 3
				""".formatted(TIME));
	}

	@Test
	void showTakesABranchAndAService() {
		server.answer("/config/show/more lines/now?", "{\"revision\":%s,\"files\":[]}".formatted(REVISION));

		assertThat(dev("show", "more lines/now?", "--service=order-service")).isZero();

		assertThat(server.request().line()).isEqualTo("GET /config/show/more%20lines/now%3F?service=order-service");
	}

	@Test
	void statusShowsTheGrayReleaseTheInstancesAndWhatHappened() {
		server.answer("/config/status", """
				{"current":"89abcdef0123","gray":{"revision":"0123456789ab","author":"ada","message":"more lines",
				"since":"2026-11-25T17:00:00Z","percent":50,"labels":{},"instances":["order-service-1"],
				"comparison":{"gray":{"requests":100,"errorRate":0.12,"p99Millis":80.4},
				"others":{"requests":0,"errorRate":null,"p99Millis":null}}},
				"head":"0123456789ab","drift":["gateway.yml","order-service.yml"],"instances":[
				{"service":"order-service","instance":"order-service-1","revision":"89abcdef0123","gray":true,
				"source":"server","since":"2026-11-25T17:00:00Z","refused":{"revision":"0123456789ab","problems":[
				{"file":"order-service.yml","line":12,"key":"orders.limits.max-lines","reason":"must be 1 or more"}]},
				"pending":["server.port","spring.datasource.url"]},
				{"service":"order-service","instance":"order-service-2","revision":null,"gray":false,
				"source":"none","since":null,"refused":null,"pending":[]}],
				"events":[{"time":"2026-11-25T17:00:00Z","kind":"taken-back","revision":"456789abcdef","author":"grace",
				"message":"errors rose"}]}
				""");

		assertThat(dev("status")).isZero();

		assertThat(server.request().line()).isEqualTo("GET /config/status");
		assertThat(out.toString()).isEqualToNormalizingNewlines("""
				Current  89abcdef0123
				Saved    0123456789ab
				Drift    gateway.yml, order-service.yml: not as in the history
				Gray     0123456789ab since AT by ada: more lines
				         on order-service-1 (50 %)
				         gray:   100 requests, 12.0 % failed, 99 % within 80 ms
				         others: no request yet

				INSTANCE         REVISION      SOURCE  SINCE
				order-service-1  89abcdef0123  server  AT  gray
				    refused 0123456789ab
				    order-service.yml:12 orders.limits.max-lines: must be 1 or more
				    restart it for server.port, spring.datasource.url
				order-service-2  -             none    -

				TIME              EVENT       REVISION      AUTHOR  MESSAGE
				AT  taken-back  456789abcdef  grace   errors rose
				""".replace("AT ", TIME + " "));
	}

	@Test
	void statusIsShortWhileNothingGoesOn() {
		server.answer("/config/status", """
				{"current":"89abcdef0123","gray":null,"head":"89abcdef0123","drift":[],"instances":[],"events":[]}
				""");

		assertThat(dev("status")).isZero();

		assertThat(out.toString()).isEqualToNormalizingNewlines("Current  89abcdef0123\n");
	}

	@Test
	void statusOfAGrayReleaseThatAwaitsItsRevision() {
		server.answer("/config/status", """
				{"current":"89abcdef0123","gray":{"revision":null,"author":"ada","message":null,
				"since":"2026-11-25T17:00:00Z","percent":null,"labels":{"zone":"a"},"instances":[],"comparison":null},
				"head":"89abcdef0123","drift":[],"instances":[],"events":[]}
				""");

		assertThat(dev("status")).isZero();

		assertThat(out.toString()).isEqualToNormalizingNewlines("""
				Current  89abcdef0123
				Gray     what is saved next since %s by ada
				         on the instances that are chosen by zone=a
				""".formatted(TIME));
	}

	@Test
	void keysAreSortedWithSimpleTypes() {
		server.answer("/config/keys", keys());

		assertThat(dev("keys", "gateway")).isZero();

		assertThat(server.request().line()).isEqualTo("GET /config/keys?service=gateway");
		assertThat(out.toString()).isEqualToNormalizingNewlines("""
				KEY        TYPE                      DEFAULT  CHANGE   SERVICES                MEANING
				a.weights  Map<String,List<Policy>>  none     live     gateway, order-service  Weight | by <name>.
				b.policy   String                    x|y      restart  gateway
				""");
	}

	@Test
	void keysAsMarkdownAreATable() {
		server.answer("/config/keys", keys());

		assertThat(dev("keys", "--markdown")).isZero();

		assertThat(server.request().line()).isEqualTo("GET /config/keys");
		assertThat(out.toString()).isEqualToNormalizingNewlines(
				"""
						<!-- Generated by ./dev config keys --markdown -->

						| key | type | default | live | services | meaning |
						|---|---|---|---|---|---|
						| `a.weights` | `Map<String,List<Policy>>` | none | live | gateway, order-service | Weight \\| by &lt;name>. |
						| `b.policy` | `String` | `x\\|y` | restart | gateway |  |
						""");
	}

	@Test
	void rollbackNamesUserAndReason() {
		server.answer("/config/rollback", "{\"revision\":%s}".formatted(REVISION));

		assertThat(dev("rollback", "89ab", "-m", "too \"many\" lines")).isZero();

		assertThat(server.request().line()).isEqualTo("POST /config/rollback");
		assertThat(server.request().contentType()).isEqualTo("application/json");
		assertThat(server.request().body()).isEqualTo(
				"{\"revision\":\"89ab\",\"author\":\"%s\",\"message\":\"too \\\"many\\\" lines\"}".formatted(USER));
		assertThat(out.toString())
			.isEqualToNormalizingNewlines("Rolled back; current is 0123456789ab (order-service.yml saved).\n");
	}

	@Test
	void rollbackWithoutArgumentsLeavesTheChoiceToTheServer() {
		server.answer("/config/rollback", "{\"revision\":%s}".formatted(REVISION));

		assertThat(dev("rollback")).isZero();

		assertThat(server.request().body())
			.isEqualTo("{\"revision\":null,\"author\":\"%s\",\"message\":null}".formatted(USER));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			--percent 50                        | "percent":50,"labels":{}
			--zone a                            | "percent":null,"labels":{"zone":"a"}
			--app-version 1.2                   | "percent":null,"labels":{"version":"1.2"}
			--instance order-1                  | "percent":null,"labels":{"instance":"order-1"}
			--instance order-1 order-2          | "percent":null,"labels":{"instance":"order-1,order-2"}
			--instance order-1,order-2          | "percent":null,"labels":{"instance":"order-1,order-2"}
			--instance order-1 --instance order-2 | "percent":null,"labels":{"instance":"order-1,order-2"}
			""")
	void grayChoosesInstancesInOneWay(String choice, String body) {
		server.answer("/config/gray", """
				{"revision":"0123456789ab","author":"ada","message":null,"since":"2026-11-25T17:00:00Z","percent":50,
				"labels":{},"instances":["order-1","order-2"],"comparison":null}
				""");
		List<String> arguments = new ArrayList<>(List.of("gray", "more-lines", "-m", "try"));
		arguments.addAll(List.of(choice.split(" ", -1)));

		assertThat(dev(arguments.toArray(String[]::new))).isZero();

		assertThat(server.request().line()).isEqualTo("POST /config/gray");
		assertThat(server.request().body())
			.isEqualTo("{\"revision\":\"more-lines\",%s,\"author\":\"%s\",\"message\":\"try\"}".formatted(body, USER));
		assertThat(out.toString()).isEqualToNormalizingNewlines("""
				0123456789ab goes to order-1, order-2 (50 %) first.

				./dev config status   shows how they do beside the others
				./dev config promote  gives it to all instances
				./dev config abandon  takes it back
				""");
	}

	@Test
	void grayWithoutARevisionWaitsForWhatIsSaved() {
		server.answer("/config/gray", """
				{"revision":null,"author":"ada","message":null,"since":"2026-11-25T17:00:00Z","percent":null,
				"labels":{"zone":"a"},"instances":["order-1"],"comparison":null}
				""");

		assertThat(dev("gray", "--zone=a")).isZero();

		assertThat(server.request().body()).startsWith("{\"revision\":null,");
		assertThat(out.toString()).startsWith("What is saved from now on goes to order-1 (zone=a) first. Save a file");
	}

	@Test
	void promoteAndAbandonTellTheRevision() {
		server.answer("/config/promote", "{\"revision\":%s}".formatted(REVISION));
		server.answer("/config/abandon", "{\"revision\":%s}".formatted(REVISION));

		assertThat(dev("promote", "-m", "fine")).isZero();
		assertThat(server.request().line()).isEqualTo("POST /config/promote");
		assertThat(server.request().body()).isEqualTo("{\"author\":\"%s\",\"message\":\"fine\"}".formatted(USER));
		assertThat(dev("abandon")).isZero();
		assertThat(server.request().line()).isEqualTo("POST /config/abandon");
		assertThat(server.request().body()).isEqualTo("{\"author\":\"%s\",\"message\":null}".formatted(USER));

		assertThat(out.toString()).isEqualToNormalizingNewlines("""
				All instances get 0123456789ab (order-service.yml saved).
				The gray release has ended; current for all is 0123456789ab (order-service.yml saved).
				""");
	}

	@Test
	void encryptTakesASecretFromAPipeWithoutTheLastLineBreak() {
		server.answer("/config/encrypt", "{cipher}0a1b");
		String secret = UUID.randomUUID() + " ü\n" + UUID.randomUUID();

		assertThat(encrypt(secret + "\n")).isZero();

		assertThat(server.request().line()).isEqualTo("POST /config/encrypt");
		assertThat(server.request().contentType()).startsWith("text/plain");
		assertThat(server.request().body()).isEqualTo(secret);
		assertThat(out.toString()).isEqualToNormalizingNewlines("{cipher}0a1b\n");
		assertThat(err.toString()).contains("'{cipher}...'");
	}

	@Test
	void encryptWantsASecret() {
		assertThat(encrypt("\n")).isEqualTo(CommandLine.ExitCode.SOFTWARE);

		assertThat(err.toString()).contains("There is no secret.");
	}

	@Test
	void theTokenIsSentIfThereIsOne() {
		server.answer("/config/history", "{\"revisions\":[]}");
		String token = UUID.randomUUID().toString();

		assertThat(dev("history", "--token", token)).isZero();

		assertThat(server.request().authorization()).isEqualTo("Bearer " + token);
	}

	@Test
	void theTokenIsTakenFromTheEnvironment(@TempDir Path folder) throws Exception {
		server.answer("/config/history", "{\"revisions\":[]}");
		String token = UUID.randomUUID().toString();
		Path output = folder.resolve("output");
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
				"-cp", System.getProperty("java.class.path"), Dev.class.getName(), "config", "history", "--server",
				server.url() + "/")
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());

		builder.environment().put("PLATFORM_CONFIG_SERVER_TOKEN", token);
		assertThat(builder.start().waitFor()).as(Files.readString(output)).isZero();
		assertThat(server.request().authorization()).isEqualTo("Bearer " + token);

		builder.environment().remove("PLATFORM_CONFIG_SERVER_TOKEN");
		assertThat(builder.start().waitFor()).as(Files.readString(output)).isZero();
		assertThat(server.request().line()).isEqualTo("GET /config/history?limit=20");
		assertThat(server.request().authorization()).isNull();
	}

	@Test
	void aRefusalIsToldInTheWordsOfTheServer() {
		server.answer("/config/show/abc", 404, """
				{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no revision abc."}
				""");

		assertThat(dev("show", "abc")).isEqualTo(CommandLine.ExitCode.SOFTWARE);

		assertThat(err.toString()).isEqualToNormalizingNewlines("There is no revision abc.\n");
		assertThat(out.toString()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			401 | ''            | wants its token. Give it by --token or by PLATFORM_CONFIG_SERVER_TOKEN.
			502 | <html></html> | refuses, with status 502
			500 | []            | refuses, with status 500
			200 | <html></html> | is no config server of this version
			200 | null          | is no config server of this version
			""")
	void anAnswerWithoutWordsIsToldWithARemedy(int status, String body, String message) {
		server.answer("/config/promote", status, body);

		assertThat(dev("promote")).isEqualTo(CommandLine.ExitCode.SOFTWARE);

		assertThat(err.toString()).contains(server.url(), message).doesNotContain("\tat ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "history", "diff", "show", "status", "keys", "rollback", "gray --percent=1", "promote",
			"abandon" })
	void aServerThatIsAwayIsToldWithARemedy(String command) {
		server.close();

		assertThat(dev(command.split(" ", -1))).isEqualTo(CommandLine.ExitCode.SOFTWARE);

		assertThat(err.toString()).isEqualToNormalizingNewlines(
				"The config server at %s does not answer. Start the system with ./dev up, or name another server by --url.%n"
					.formatted(server.url()));
	}

	@Test
	void withoutASystemAnotherServerCanBeNamed(@TempDir Path root) throws IOException {
		Files.createDirectories(root.resolve("services"));

		assertThat(execute("config", "status", "--root=" + root)).isEqualTo(CommandLine.ExitCode.SOFTWARE);

		assertThat(err.toString()).contains("The system is not running. Start it with './dev up'.", "--url");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					fly                           | fly
					history -n 0                  | -n must be a number from 1 to 1000, not 0.
					history -n many               | many
					history --url localhost:8888  | localhost:8888 is no address of a server. Write it like http://localhost:8888.
					diff a b c                    | c
					gray                          | (specify one of these): (--percent=N | --zone=ZONE |
					gray --percent 0              | --percent must be a number from 1 to 100, not 0.
					gray --percent 101            | --percent must be a number from 1 to 100, not 101.
					gray --percent 5 --zone a     | mutually exclusive (specify only one)
					gray --instance               | --instance
					gray a b --zone a             | b
					""")
	void wrongArgumentsAreTold(String arguments, String message) {
		assertThat(execute(("config " + arguments).split(" ", -1))).isEqualTo(CommandLine.ExitCode.USAGE);

		assertThat(err.toString()).contains(message).doesNotContain("\tat ");
	}

	private static String keys() {
		return """
				{"keys":[{"name":"b.policy","type":"java.lang.String","defaultValue":"x|y","live":false,
				"description":null,"services":["gateway"]},
				{"name":"a.weights","type":"java.util.Map<java.lang.String,java.util.List<com.example.Outer$Policy>>",
				"defaultValue":null,"live":true,"description":"Weight |\\nby <name>.",
				"services":["gateway","order-service"]}]}
				""";
	}

	private int encrypt(String piped) {
		InputStream before = System.in;
		try {
			System.setIn(new ByteArrayInputStream(piped.getBytes(StandardCharsets.UTF_8)));
			return dev("encrypt");
		}
		finally {
			System.setIn(before);
		}
	}

	/** A command to the server. */
	private int dev(String... arguments) {
		List<String> all = new ArrayList<>(List.of("config"));
		all.addAll(List.of(arguments));
		all.addAll(List.of("--url", server.url()));
		return execute(all.toArray(String[]::new));
	}

	private int execute(String... arguments) {
		return Dev.commandLine()
			.setOut(new PrintWriter(out, true))
			.setErr(new PrintWriter(err, true))
			.execute(arguments);
	}

}
