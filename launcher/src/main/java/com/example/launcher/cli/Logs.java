package com.example.launcher.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.example.launcher.Instance;
import com.example.launcher.LocalSystem;
import com.example.launcher.process.Await;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./dev logs}.
 */
@Command(name = "logs", mixinStandardHelpOptions = true, description = "Shows the logs of all instances or of one.")
final class Logs implements Runnable {

	private static final Duration POLL = Duration.ofMillis(200);

	private static final Duration FOREVER = Duration.ofDays(36_500);

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	@Mixin
	private final SystemFolders folders = new SystemFolders();

	@Parameters(paramLabel = "NAME", arity = "0..1", description = "Name of an instance or of a component.")
	private @Nullable String name;

	@Option(names = { "-f", "--follow" }, description = "Go on as the logs grow, until Ctrl-C.")
	private boolean follow;

	Logs() {
	}

	@Override
	public void run() {
		Console console = new Console(spec);
		LocalSystem system = folders.system(console::line);
		List<Instance> instances = system.instances()
			.stream()
			.filter((instance) -> name == null || instance.name().equals(name) || instance.component().equals(name))
			.toList();
		if (instances.isEmpty()) {
			// Tells the names there are.
			system.log(String.valueOf(name));
		}
		List<LogReader> readers = new ArrayList<>();
		for (Instance instance : instances) {
			String prefix = (instances.size() > 1) ? "%-18s | ".formatted(instance.name()) : "";
			readers.add(new LogReader(system.log(instance.name()), (line) -> console.line(prefix + line)));
		}
		readers.forEach(LogReader::read);
		if (follow) {
			Await.until(FOREVER, POLL, () -> {
				readers.forEach(LogReader::read);
				return false;
			});
		}
	}

}
