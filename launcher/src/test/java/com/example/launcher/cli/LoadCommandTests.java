package com.example.launcher.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.launcher.process.FreePorts;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ExitCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code ./dev load} against a server that names its instances.
 */
class LoadCommandTests {

	private final StringWriter out = new StringWriter();

	private final StringWriter err = new StringWriter();

	private final AtomicInteger asked = new AtomicInteger();

	private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

	private final String url = "http://127.0.0.1:" + server.getAddress().getPort();

	private final Path folder;

	private final Path mix;

	LoadCommandTests(@TempDir Path folder) throws IOException {
		this.folder = folder;
		this.mix = Files.writeString(folder.resolve("mix.yml"), "requests: [request: GET /a]");
		server.createContext("/", (exchange) -> {
			boolean refused = asked.incrementAndGet() % 5 == 0;
			exchange.getResponseHeaders().set("X-Instance-Id", "</script><b>one");
			exchange.sendResponseHeaders(refused ? 503 : 204, -1);
			exchange.close();
		});
		server.start();
	}

	@AfterEach
	void stop() {
		server.stop(0);
	}

	@Test
	void aLoadIsToldSecondBySecondAndSummedUp() {
		assertThat(load("--rps=100", "--for=1s", "--warm-up=100ms")).isZero();
		assertThat(out.toString()).contains("Warm-up", url + " at 100 requests a second", "second ",
				"100 sent in 1.0 s", "20 refused", "ms from when it was due", "2xx", "204", "5xx", "503",
				"by </script><b>one");
		assertThat(asked).as("asked, the first question and the warm-up included").hasValue(1 + 10 + 100);
	}

	@Test
	void theResultIsWrittenForMachinesAndForPeople() throws IOException {
		Path html = folder.resolve("load.html");
		assertThat(load("--rps=50", "--for=400ms", "--poisson", "--json=-", "--html=" + html)).isZero();
		assertThat(err.toString()).contains("ms from when it was due");
		JsonNode result = new JsonMapper().readTree(out.toString());
		assertThat(result.path("rps").asDouble()).isEqualTo(50);
		assertThat(result.at("/history/0/second").asInt()).isEqualTo(1);
		assertThat(result.at("/latencies/0/by").asString()).isEqualTo("all");
		String page = Files.readString(html);
		assertThat(page).contains("\"title\":\"" + url, "\\u003c/script>\\u003cb>one").doesNotContain("</script><b>");
		// It needs nothing else: the only addresses are its own title and SVG's name.
		assertThat(page.replace(url, "").replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:",
				"src=", "href=", "url(", "@import");
		Path json = folder.resolve("load.json");
		assertThat(load("--for=100ms", "--json=" + json)).isZero();
		assertThat(new JsonMapper().readTree(Files.readString(json)).path("sent").asInt()).isEqualTo(5);
	}

	@Test
	void nobodyThereIsTold() {
		server.stop(0);
		String nobody = "http://127.0.0.1:" + new FreePorts(new Random()).next();
		assertThat(dev("load", "--url=" + nobody, "--mix=" + mix)).isEqualTo(ExitCode.SOFTWARE);
		assertThat(err.toString()).contains("Nothing answers at " + nobody, "no connection", "./dev up", "--url");
		assertThat(dev("load", "--root=" + folder)).isEqualTo(ExitCode.SOFTWARE);
		assertThat(err.toString()).contains("The system is not running", "--url");
		assertThat(dev("load", "--url=http://no-such-host.invalid", "--mix=" + mix)).isEqualTo(ExitCode.SOFTWARE);
		assertThat(err.toString()).contains("no host named no-such-host.invalid");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			--rps=0                    | --rps must be above 0
			--rps=-5                   | --rps must be above 0
			--rps=NaN                  | --rps must be above 0
			--rps=1e9                  | at most 100,000
			--rps=many                 | many
			--for=0s                   | no time at all
			--for=10                   | Write it like 500ms, 30s
			--for=-1s                  | Write it like 500ms, 30s
			--for=48h                  | at most 24h
			--warm-up=48h              | at most 24h
			--timeout=1h               | at most 10m
			--timeout=soon             | Write it like 500ms, 30s
			--under-way=0              | a number from 1 to
			--body=big                 | Write it like 500, 900KB
			--body=1GB                 | Write it like 500, 900KB
			--body=999MB               | at most 16MB
			--url=localhost:8080       | is no address of a server
			--url=ftp://localhost      | is no address of a server
			--url=http://localhost/api | has a path. Leave it out
			--json=none/there.json     | cannot be written. Name a file
			--html=.                   | cannot be written. Name a file
			""")
	void wrongArgumentsAreTold(String argument, String message) {
		assertThat(dev("load", argument)).isEqualTo(ExitCode.USAGE);
		assertThat(err.toString()).contains(message).doesNotContain("\tat ");
		assertThat(asked).hasValue(0);
	}

	private int load(String... more) {
		String[] arguments = new String[more.length + 3];
		arguments[0] = "load";
		arguments[1] = "--url=" + url;
		arguments[2] = "--mix=" + mix;
		System.arraycopy(more, 0, arguments, 3, more.length);
		out.getBuffer().setLength(0);
		return dev(arguments);
	}

	private int dev(String... arguments) {
		return Dev.commandLine()
			.setOut(new PrintWriter(out, true))
			.setErr(new PrintWriter(err, true))
			.execute(arguments);
	}

}
