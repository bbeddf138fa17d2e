package com.example.launcher.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.example.launcher.InstanceReport;
import com.example.launcher.InstanceReport.Condition;
import com.example.launcher.LocalSystem;
import com.example.launcher.OwnProcess;
import com.example.launcher.build.Workspace;
import com.example.launcher.doctor.Doctor;
import com.example.launcher.doctor.Finding;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.Programs;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Commands about a system that runs.
 */
final class SystemCommands {

	private SystemCommands() {
	}

	@Command(name = "down", mixinStandardHelpOptions = true,
			description = "Stops everything, also when it was started in another terminal.")
	static void down(@Mixin Invocation invocation) {
		Console console = invocation.console();
		LocalSystem.stop(invocation.root(), invocation.state(), console::step);
		console.line("Everything is stopped.");
	}

	@Command(name = "status", mixinStandardHelpOptions = true,
			description = "Shows every instance, and what is refused of the configuration; "
					+ "the exit code is 0 only if all are healthy.")
	static int status(@Mixin Invocation invocation) {
		Console console = invocation.console();
		LocalSystem system = invocation.system();
		List<InstanceReport> report = system.report();
		console.table(report);
		console.addresses(system);
		console.refusals(system);
		boolean healthy = report.stream().allMatch((instance) -> instance.condition() == Condition.HEALTHY);
		return healthy ? ExitCode.OK : ExitCode.SOFTWARE;
	}

	@Command(name = "env", mixinStandardHelpOptions = true,
			description = "Prints the environment variables with which a process of your own joins the system.")
	static void env(@Mixin Invocation invocation,
			@Parameters(paramLabel = "NAME", description = "Name of a service, gateway or config-server.") String name,
			@Option(names = "--format", paramLabel = "FORMAT", defaultValue = "shell",
					description = "shell or properties; default: shell") OwnProcess.Format format) {
		invocation.system().ownProcess(name).lines(format).forEach(invocation.console()::line);
	}

	@Command(name = "doctor", mixinStandardHelpOptions = true,
			description = "Looks at what the system needs of this machine, and says what to do where something is wrong.")
	static int doctor(@Mixin Invocation invocation) {
		List<Finding> findings = new Doctor(new Workspace(invocation.root()), invocation.state(), FreePorts::isFree)
			.findings();
		findings.forEach((finding) -> invocation.console()
			.line("%-6s %-16s %s".formatted(finding.verdict().toString().toLowerCase(Locale.ROOT), finding.thing(),
					finding.text())));
		boolean well = findings.stream().noneMatch((finding) -> finding.verdict() == Finding.Verdict.WRONG);
		return well ? ExitCode.OK : ExitCode.SOFTWARE;
	}

	@Command(name = "open", mixinStandardHelpOptions = true,
			description = "Shows the addresses of gateway and Consul, and opens the gateway's page in a browser if there is one.")
	static void open(@Mixin Invocation invocation) {
		LocalSystem system = invocation.system();
		invocation.console().addresses(system);
		URI page = system.gateway().resolve("/");
		opener().ifPresent((opener) -> {
			List<String> command = new ArrayList<>(opener);
			command.add(page.toString());
			Programs.run(command);
		});
	}

	/** The desktop's own way to open a page, where there is a desktop. */
	private static Optional<List<String>> opener() {
		OperatingSystem system = OperatingSystem.current();
		return switch (system) {
			case MACOS -> Optional.of(List.of("open"));
			case WINDOWS -> Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler"));
			case LINUX -> system.onPath("xdg-open")
				.filter((program) -> System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null)
				.map(Path::toString)
				.map(List::of);
		};
	}

}
