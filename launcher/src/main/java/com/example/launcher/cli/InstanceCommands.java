package com.example.launcher.cli;

import java.time.Duration;
import java.util.List;

import com.example.launcher.Instance;
import com.example.launcher.LocalSystem;
import com.example.launcher.process.Await;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Commands about instances of a system that runs.
 */
final class InstanceCommands {

	private static final String INSTANCE = "Name of an instance, for example user-service-1.";

	private static final Duration POLL = Duration.ofMillis(200);

	private static final Duration FOREVER = Duration.ofDays(36_500);

	private InstanceCommands() {
	}

	@Command(name = "logs", mixinStandardHelpOptions = true, description = "Shows the logs of all instances or of one.")
	static void logs(@Mixin Invocation invocation,
			@Parameters(paramLabel = "NAME", arity = "0..1",
					description = "Name of an instance or of a component.") @Nullable String name,
			@Option(names = { "-f", "--follow" },
					description = "Go on as the logs grow, until Ctrl-C.") boolean follow) {
		Console console = invocation.console();
		LocalSystem system = invocation.system();
		List<Instance> instances = system.instances()
			.stream()
			.filter((instance) -> name == null || instance.name().equals(name) || instance.component().equals(name))
			.toList();
		if (instances.isEmpty()) {
			// Tells the names there are.
			system.log(String.valueOf(name));
		}
		List<LogReader> readers = instances.stream().map((instance) -> {
			String prefix = (instances.size() > 1) ? "%-18s | ".formatted(instance.name()) : "";
			return new LogReader(system.log(instance.name()), (line) -> console.line(prefix + line));
		}).toList();
		readers.forEach(LogReader::read);
		if (follow) {
			Await.until(FOREVER, POLL, () -> {
				readers.forEach(LogReader::read);
				return false;
			});
		}
	}

	@Command(name = "scale", mixinStandardHelpOptions = true,
			description = "Starts or stops instances of a service, or of config-server, until it has N of them.")
	static void scale(@Mixin Invocation invocation,
			@Parameters(paramLabel = "NAME",
					description = "Name of a service, for example user-service, or config-server.") String name,
			@Parameters(paramLabel = "N", description = "Number of instances, 1 or more.") int number) {
		invocation.requireInstances(number);
		Console console = invocation.console();
		invocation.system(console::step).scale(name, number);
		console.line(name + " has " + number + " healthy instances.");
	}

	@Command(name = "restart", mixinStandardHelpOptions = true,
			description = "Builds what changed and replaces the instances one after the other.")
	static void restart(@Mixin Invocation invocation,
			@Parameters(paramLabel = "NAME",
					description = "Name of a service, of config-server or gateway, or of an instance.") String name,
			@Option(names = "--debug", description = "Let debuggers in.") boolean debugged) {
		Console console = invocation.console();
		invocation.system(console::step).restart(name, debugged);
	}

	@Command(name = "stop", mixinStandardHelpOptions = true,
			description = "Asks an instance to stop and waits until it is gone.")
	static void stop(@Mixin Invocation invocation,
			@Parameters(paramLabel = "INSTANCE", description = INSTANCE) String name) {
		invocation.system().stop(name);
		invocation.console().line(name + " is stopped.");
	}

	@Command(name = "kill", mixinStandardHelpOptions = true, description = "Ends an instance at once, as a crash does.")
	static void kill(@Mixin Invocation invocation,
			@Parameters(paramLabel = "INSTANCE", description = INSTANCE) String name) {
		invocation.system().kill(name);
		invocation.console().line(name + " is killed.");
	}

	@Command(name = "pause", mixinStandardHelpOptions = true,
			description = "Halts an instance without ending it, as a machine that hangs does.")
	static void pause(@Mixin Invocation invocation,
			@Parameters(paramLabel = "INSTANCE", description = INSTANCE) String name) {
		invocation.system().pause(name);
		invocation.console().line(name + " is paused.");
	}

	@Command(name = "resume", mixinStandardHelpOptions = true, description = "Lets a paused instance go on.")
	static void resume(@Mixin Invocation invocation,
			@Parameters(paramLabel = "INSTANCE", description = INSTANCE) String name) {
		invocation.system().resume(name);
		invocation.console().line(name + " goes on.");
	}

	@Command(name = "start", mixinStandardHelpOptions = true,
			description = "Starts an instance that was stopped, killed or died.")
	static void start(@Mixin Invocation invocation,
			@Parameters(paramLabel = "INSTANCE", description = INSTANCE) String name) {
		invocation.system().start(name);
		invocation.console().line(name + " is healthy.");
	}

}
