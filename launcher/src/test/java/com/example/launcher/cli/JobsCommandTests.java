package com.example.launcher.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class JobsCommandTests {

	private static final String JOB = """
			{"name":"tick","policy":{"enabled":true,"schedule":{"cron":"0 * * * * *","zone":"UTC","fixedDelay":null}},
			"paused":true,"next":"2026-11-30T10:00:00Z","running":1,"waiting":0,
			"last":{"key":"2026-11-30T09:59:00Z","due":"2026-11-30T09:59:00Z","state":"running"}}
			""";

	private final StringWriter out = new StringWriter();

	private final StringWriter err = new StringWriter();

	private final RecordedServer server = new RecordedServer();

	JobsCommandTests() throws IOException {
	}

	@AfterEach
	void stopServer() {
		server.close();
	}

	@Test
	void jobsAreListedWithTheirScheduleAndHowTheyRanLast() {
		server.answer("/actuator/jobs", "[" + JOB + """
				,{"name":"send","policy":{"enabled":false,"schedule":null},"paused":false,"next":null,"running":0,
				"waiting":2,"last":null}]""");
		assertThat(execute("jobs", "--url", server.url())).isZero();
		assertThat(out.toString().lines())
			.anySatisfy((line) -> assertThat(line).contains("tick", "0 * * * * * UTC (paused)", "2026-11-30T10:00:00Z",
					"2026-11-30T09:59:00Z", "running"))
			.anySatisfy((line) -> assertThat(line).contains("send", "on demand (switched off)", "2"));
	}

	@Test
	void theHistoryTellsHowLateAndHowLongEachAttemptWas() {
		server.answer("/actuator/jobs", "[" + JOB + "]");
		server.answer("/actuator/jobs/tick", """
				[{"key":"k","attempt":2,"due":"2026-11-30T10:00:00Z","started":"2026-11-30T10:00:00.120Z",
				"ended":"2026-11-30T10:00:01.620Z","state":"failed","instance":"order-service-1","fence":7,
				"reason":"out of\\npaper","done":3,"total":10}]""");
		assertThat(execute("jobs", "history", "tick", "-n", "5", "--url", server.url())).isZero();
		assertThat(server.request().line()).isEqualTo("GET /actuator/jobs/tick?count=5");
		assertThat(out.toString()).contains("120 ms", "1,500 ms", "failed", "order-service-1", "3/10", "out of paper");
	}

	@ParameterizedTest
	@CsvSource({ "run, RUN,", "pause, PAUSE,", "resume, RESUME,", "retry, RETRY, a b", "cancel, CANCEL, a/b" })
	void aJobIsSteered(String command, String action, @Nullable String key) {
		server.answer("/actuator/jobs", "[" + JOB + "]");
		server.answer("/actuator/jobs/tick", JOB);
		String[] arguments = (key != null) ? new String[] { "jobs", command, "tick", key, "--url", server.url() }
				: new String[] { "jobs", command, "tick", "--url", server.url() };
		assertThat(execute(arguments)).isZero();
		assertThat(server.request().line()).isEqualTo("POST /actuator/jobs/tick");
		assertThat(server.request().body()).contains("\"action\":\"" + action + "\"");
		if (command.equals("run")) {
			assertThat(server.request().body()).contains("\"key\":\"manual-");
		}
		if (key != null) {
			assertThat(server.request().body()).contains("\"key\":\"" + key + "\"");
		}
		assertThat(out.toString()).startsWith("tick ");
	}

	@Test
	void jsonIsWhatTheServiceSays() {
		server.answer("/actuator/jobs", "[" + JOB + "]");
		assertThat(execute("jobs", "--json", "--url", server.url())).isZero();
		assertThat(out.toString()).startsWith("{").contains("\"cron\" : \"0 * * * * *\"");
	}

	@Test
	void whatDoesNotExistIsNamedWithWhatDoes() {
		server.answer("/actuator/jobs", "[" + JOB + "]");
		assertThat(execute("jobs", "run", "tock", "--url", server.url())).isEqualTo(1);
		assertThat(err.toString()).contains("There is no job tock. There are: tick.");
		server.answer("/actuator/jobs/tick", 400, "{\"message\":\"There is no run tick/x\"}");
		assertThat(execute("jobs", "retry", "tick", "x", "--url", server.url())).isEqualTo(1);
		assertThat(err.toString()).contains("There is no run tick/x");
	}

	@Test
	void withoutAServiceThatAnswersItSaysSo() {
		assertThat(execute("jobs", "run", "tick", "--url", server.url())).isEqualTo(1);
		assertThat(err.toString()).contains("There are: none; is the system up?");
	}

	private int execute(String... arguments) {
		return Dev.commandLine()
			.setOut(new PrintWriter(out, true))
			.setErr(new PrintWriter(err, true))
			.execute(arguments);
	}

}
