package com.example.launcher.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class DevTests {

	private final StringWriter out = new StringWriter();

	private final StringWriter err = new StringWriter();

	private final Path root;

	DevTests(@TempDir Path root) {
		this.root = root;
	}

	@Test
	void helpIsPrintedWithoutACommand() {
		assertThat(dev()).isZero();
		assertThat(out.toString()).contains("up ", "down ", "status ", "logs ", "scale ", "restart ", "stop ", "kill ",
				"pause ", "resume ", "start ", "env ", "open ", "config ", "load ", "test ", "format ", "bench ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			fly                                  | fly
			up --port=70000                      | 70000 is no port
			up --consul-servers=2                | Use 3 or 5
			up --consul-servers=3 --consul=http://127.0.0.1:8500 | leave out --consul-servers
			up --consul-port=-1                  | -1 is no port
			up --consul=8500                     | 8500 is no address
			up --consul=http://consul.local:8500 | on another machine
			up --consul=http://127.0.0.1:1 --consul-port=1 | mutually exclusive
			up --replicas=user-service=0         | must be 1 or more
			up --replicas=user-service           | user-service
			up --replicas=user-service=many      | many
			scale user-service                   | Missing required parameter
			scale user-service 0                 | must be 1 or more
			restart                              | Missing required parameter
			env user-service --format=xml        | shell
			stop                                 | Missing required parameter
			bench                                | Missing required parameter
			bench nothing                        | picks, quality, path, propagation
			""")
	void wrongArgumentsAreTold(String arguments, String message) {
		assertThat(dev(arguments.split(" ", -1))).isEqualTo(CommandLine.ExitCode.USAGE);
		assertThat(err.toString()).contains(message).doesNotContain("\tat ");
	}

	@ParameterizedTest
	@CsvSource({ "test", "format", "bench picks" })
	void whatACommandDoesNotKnowIsForTheProgramBehindIt(String command) {
		CommandLine.ParseResult parsed = Dev.commandLine()
			.parseArgs((command + " --batch-mode -Dtest=ATests --quick").split(" "));
		assertThat(parsed.subcommand().unmatched()).containsExactly("--batch-mode", "-Dtest=ATests", "--quick");
	}

	@ParameterizedTest
	@CsvSource({ "status", "down", "logs", "open", "stop user-service-1", "restart user-service", "env user-service",
			"scale user-service 2" })
	void commandsAboutARunningSystemSayThatNoneRuns(String command) throws IOException {
		assertThat(dev((command + " --root=" + root).split(" ", -1))).isEqualTo(CommandLine.ExitCode.SOFTWARE);
		assertThat(err.toString()).contains("The system is not running. Start it with './dev up'.")
			.doesNotContain("\tat ");
	}

	@Test
	void aFolderThatIsNoRepositoryIsTold() {
		assertThat(dev("up", "--root=" + root)).isEqualTo(CommandLine.ExitCode.SOFTWARE);
		assertThat(err.toString()).contains("Run ./dev from the repository");
	}

	private int dev(String... arguments) {
		return Dev.commandLine()
			.setOut(new PrintWriter(out, true))
			.setErr(new PrintWriter(err, true))
			.execute(arguments);
	}

}
