package com.example.launcher.cli;

import java.util.List;
import java.util.Map;

import com.example.platform.configprotocol.api.GrayRelease;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./dev config gray}.
 */
@Command(name = "gray", mixinStandardHelpOptions = true, sortOptions = false,
		description = "Lets some instances get a revision before the others do.")
final class ConfigGray implements Runnable {

	private static final int ALL = 100;

	@Mixin
	private final ConfigInvocation.Change change = new ConfigInvocation.Change();

	@Parameters(paramLabel = "REVISION", arity = "0..1",
			description = "Revision or branch; default: what is saved from now on")
	private @Nullable String revision;

	@ArgGroup(multiplicity = "1")
	@SuppressWarnings("NullAway.Init") // set by picocli
	private Receivers receivers;

	@Override
	public void run() {
		if (receivers.percent != null) {
			change.requireBetween("--percent", receivers.percent, 1, ALL);
		}
		GrayRelease gray = change.server()
			.startGray(revision, receivers.percent, receivers.labels(), change.author(), change.message());
		Console console = change.console();
		if (gray.revision() != null) {
			console.line("%s goes to %s first.".formatted(Table.plain(gray.revision()), ConfigText.receivers(gray)));
		}
		else {
			console.line("What is saved from now on goes to %s first. Save a file of the configuration now."
				.formatted(ConfigText.receivers(gray)));
		}
		console.line("");
		console.line("./dev config status   shows how they do beside the others");
		console.line("./dev config promote  gives it to all instances");
		console.line("./dev config abandon  takes it back");
	}

	/** Exactly one way to choose instances. */
	private static final class Receivers {

		@Option(names = "--percent", paramLabel = "N", required = true,
				description = "Choose N percent of the instances of each service, 1 to 100.")
		private @Nullable Integer percent;

		@Option(names = "--zone", paramLabel = "ZONE", required = true, description = "Choose the instances in a zone.")
		private @Nullable String zone;

		@Option(names = "--app-version", paramLabel = "VERSION", required = true,
				description = "Choose the instances of a version of the application.")
		private @Nullable String version;

		@Option(names = "--instance", paramLabel = "NAME", required = true, arity = "1..*", split = ",",
				description = "Choose instances by their names.")
		private @Nullable List<String> instances;

		Map<String, String> labels() {
			if (zone != null) {
				return Map.of("zone", zone);
			}
			if (version != null) {
				return Map.of("version", version);
			}
			return (instances != null) ? Map.of("instance", String.join(",", instances)) : Map.of();
		}

	}

}
