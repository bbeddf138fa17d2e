package com.example.launcher.cli;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

import com.example.launcher.build.Workspace;
import com.example.launcher.scaffold.Capability;
import com.example.launcher.scaffold.NewLiveValue;
import com.example.launcher.scaffold.Scaffold;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Commands that change the repository.
 */
final class ScaffoldCommands {

	private static final String DRY_RUN = "Say what would be done, and do nothing.";

	private static final String TYPES = "Types: string, int, long, double, boolean, duration.";

	private static final List<String> KINDS = List.of("unary", "server-stream");

	private ScaffoldCommands() {
	}

	@Command(name = "service", mixinStandardHelpOptions = true,
			description = "Makes a service: a module with a contract, a feature, a live value, tests, and its place in the build, "
					+ "in compose and in k8s.")
	static void newService(@Mixin Invocation invocation,
			@Parameters(paramLabel = "NAME", description = "For example invoice-service.") String name,
			@Option(names = "--with", paramLabel = "PART", split = ",", defaultValue = "rest,grpc,database",
					description = "What it has: rest, grpc, database, jobs, client:SERVICE; default: ${DEFAULT-VALUE}") List<String> parts,
			@Option(names = "--dry-run", description = DRY_RUN) boolean dryRun) {
		Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
		String called = null;
		for (String part : parts) {
			if (part.startsWith("client:")) {
				invocation.require(called == null,
						"A new service calls one other service. Add the next one by hand, like the first.");
				called = part.substring("client:".length());
				capabilities.add(Capability.CLIENT);
			}
			else {
				capabilities.add(Arrays.stream(Capability.values())
					.filter((capability) -> capability != Capability.CLIENT
							&& capability.toString().equals(part.toLowerCase(Locale.ROOT)))
					.findFirst()
					.orElseThrow(() -> invocation.refusal(
							"'%s' is nothing a service can have. Choose of rest, grpc, database, jobs, client:SERVICE."
								.formatted(part))));
			}
		}
		invocation.require(capabilities.contains(Capability.REST) || capabilities.contains(Capability.GRPC),
				"Nobody could call it: add rest or grpc to --with.");
		String other = called;
		change(invocation, dryRun, (scaffold) -> scaffold.newService(name, capabilities, other));
	}

	@Command(name = "migration", mixinStandardHelpOptions = true,
			description = "Makes the next migration of a service's database.")
	static void newMigration(@Mixin Invocation invocation,
			@Parameters(paramLabel = "SERVICE", description = "For example invoice-service.") String service,
			@Parameters(paramLabel = "WORDS", description = "What it does, for example \"add phone\".") String words,
			@Option(names = "--dry-run", description = DRY_RUN) boolean dryRun) {
		change(invocation, dryRun, (scaffold) -> scaffold.newMigration(service, words));
	}

	@Command(name = "method", mixinStandardHelpOptions = true,
			description = "Makes a method of a service's contract, and one that answers it with an empty message.")
	static void newMethod(@Mixin Invocation invocation,
			@Parameters(paramLabel = "SERVICE", description = "For example invoice-service.") String service,
			@Parameters(paramLabel = "METHOD", description = "For example FindInvoices.") String method,
			@Option(names = "--kind", paramLabel = "KIND", defaultValue = "unary",
					description = "unary or server-stream; default: unary") String kind,
			@Option(names = "--dry-run", description = DRY_RUN) boolean dryRun) {
		invocation.require(KINDS.contains(kind),
				"The kind of a method is one of %s, not %s.".formatted(String.join(", ", KINDS), kind));
		change(invocation, dryRun, (scaffold) -> scaffold.newMethod(service, method, kind.equals("server-stream")));
	}

	@Command(name = "live", mixinStandardHelpOptions = true,
			description = "Makes a live value of a service: a component of its record, a default, a line in config-repo.")
	static void newLiveValue(@Mixin Invocation invocation,
			@Parameters(paramLabel = "SERVICE", description = "For example user-service.") String service,
			@Parameters(paramLabel = "KEY:TYPE",
					description = "For example users.search-limit:int. " + TYPES) String key,
			@Option(names = "--value", paramLabel = "VALUE", description = "Its default.") @Nullable String value,
			@Option(names = "--meaning", paramLabel = "SENTENCE", defaultValue = "Say what it means.",
					description = "What it is, for the reference of all keys.") String meaning,
			@Option(names = "--dry-run", description = DRY_RUN) boolean dryRun) {
		String[] parts = key.split(":", 2);
		NewLiveValue.Type type = Arrays.stream(NewLiveValue.Type.values())
			.filter((candidate) -> candidate.toString().equals(parts[parts.length - 1]))
			.findFirst()
			.orElseThrow(() -> invocation
				.refusal("'%s' names no type. Write it like users.search-limit:int. %s".formatted(key, TYPES)));
		change(invocation, dryRun, (scaffold) -> scaffold.newLiveValue(service, parts[0], type,
				(value != null) ? value : type.example(), meaning));
	}

	@Command(name = "service", mixinStandardHelpOptions = true,
			description = "Takes a service out of the repository, with all that is about it.")
	static void removeService(@Mixin Invocation invocation,
			@Parameters(paramLabel = "NAME", description = "For example invoice-service.") String name,
			@Option(names = "--dry-run", description = DRY_RUN) boolean dryRun) {
		change(invocation, dryRun, (scaffold) -> scaffold.removeService(name));
	}

	@Command(name = "starter", mixinStandardHelpOptions = true,
			description = "Takes a starter out of the repository, as its README says.")
	static void removeStarter(@Mixin Invocation invocation,
			@Parameters(paramLabel = "NAME", description = "For example scheduling.") String name,
			@Option(names = "--dry-run", description = DRY_RUN) boolean dryRun) {
		change(invocation, dryRun, (scaffold) -> scaffold.removeStarter(name));
	}

	@Command(name = "rename", mixinStandardHelpOptions = true,
			description = "Gives the repository names of your own: packages, artifacts, keys, metrics, images.")
	static void rename(@Mixin Invocation invocation,
			@Parameters(paramLabel = "GROUP", description = "For example com.acme.") String group,
			@Parameters(paramLabel = "PROJECT", description = "For example shop.") String project,
			@Option(names = "--dry-run", description = DRY_RUN) boolean dryRun) {
		change(invocation, dryRun, (scaffold) -> scaffold.rename(group, project));
	}

	private static void change(Invocation invocation, boolean dryRun, Consumer<Scaffold> change) {
		Console console = invocation.console();
		Scaffold scaffold = new Scaffold(new Workspace(invocation.root()));
		change.accept(scaffold);
		scaffold.plan().forEach(console::line);
		if (dryRun) {
			console.line("Nothing was done.");
			return;
		}
		scaffold.apply(console::step);
		scaffold.advice().forEach(console::line);
		console.line("Undo, as long as you have changed nothing else:");
		scaffold.undo().forEach((command) -> console.line("  " + command));
	}

}
