package com.example.launcher.cli;

import java.util.List;

import com.example.launcher.build.Workspace;
import com.example.launcher.contracts.Breakage;
import com.example.launcher.contracts.Caller;
import com.example.launcher.contracts.Contracts;
import com.example.launcher.contracts.Release;
import com.example.launcher.contracts.RestContracts;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Commands about the contracts of the services.
 */
final class ContractCommands {

	private ContractCommands() {
	}

	@Command(name = "check", mixinStandardHelpOptions = true,
			description = "Tells what breaks the contracts that were released, and whom.")
	static int check(@Mixin Invocation invocation) {
		Console console = invocation.console();
		List<Breakage> found = contracts(invocation).check();
		tell(console, found);
		if (!found.isEmpty()) {
			boolean isWritten = found.stream().allMatch(Breakage::breaks);
			console.line(isWritten ? Breakage.REMEDY : "Correct that; what breaks is told after it.");
			// The services may not even compile with it.
			console.line("REST APIs are compared when nothing of gRPC breaks.");
			return ExitCode.SOFTWARE;
		}
		console.line("Starting the services in their tests, for their REST APIs");
		RestContracts rest = new RestContracts(workspace(invocation));
		List<Breakage> foundOfRest = rest.check(rest.present());
		tell(console, foundOfRest);
		boolean isWell = foundOfRest.isEmpty();
		console.line(isWell ? "Nothing breaks." : Breakage.REMEDY);
		return isWell ? ExitCode.OK : ExitCode.SOFTWARE;
	}

	@Command(name = "callers", mixinStandardHelpOptions = true,
			description = "Tells who calls a method, or an operation of a REST API.")
	static void callers(@Mixin Invocation invocation, @Parameters(paramLabel = "NAME",
			description = "For example user.v1.UserService/GetUser, user.v1.UserService, user.v1, 'GET /api/users/{id}' or /api/users.") String name) {
		List<Caller> callers = (name.startsWith("/") || name.contains(" /"))
				? new RestContracts(workspace(invocation)).callers(name) : contracts(invocation).callers(name);
		callers.forEach((caller) -> invocation.console().line(caller.toString()));
		if (callers.isEmpty()) {
			invocation.console().line("Nobody in this repository calls it.");
		}
	}

	@Command(name = "release", mixinStandardHelpOptions = true,
			description = "Takes the contracts as they are now for released: from now on they must not break.")
	static void release(@Mixin Invocation invocation) {
		Console console = invocation.console();
		console.line("Starting the services in their tests, for their REST APIs");
		List<String> changes = new Release(workspace(invocation)).take();
		changes.forEach(console::line);
		console.line(changes.isEmpty() ? "All of it was released before."
				: "That is what callers may rely on now. Commit it.");
	}

	private static void tell(Console console, List<Breakage> found) {
		Breakage.text(found).lines().forEach(console::line);
	}

	private static Contracts contracts(Invocation invocation) {
		return new Contracts(workspace(invocation));
	}

	private static Workspace workspace(Invocation invocation) {
		return new Workspace(invocation.root());
	}

}
