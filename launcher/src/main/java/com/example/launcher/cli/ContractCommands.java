package com.example.launcher.cli;

import java.util.List;

import com.example.launcher.build.Workspace;
import com.example.launcher.contracts.Breakage;
import com.example.launcher.contracts.Caller;
import com.example.launcher.contracts.Contracts;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Commands about the contracts between services.
 */
final class ContractCommands {

	private ContractCommands() {
	}

	@Command(name = "check", mixinStandardHelpOptions = true,
			description = "Tells what breaks the contracts that were released, and whom.")
	static int check(@Mixin Invocation invocation) {
		List<Breakage> found = contracts(invocation).check();
		Console console = invocation.console();
		for (Breakage breakage : found) {
			console.line("%s:%d: %s".formatted(breakage.file(), breakage.line(), breakage.reason()));
			breakage.callers().forEach((caller) -> console.line("    breaks " + text(caller)));
		}
		console.line(found.isEmpty() ? "Nothing breaks." : found.stream().anyMatch(Breakage::breaks)
				? "Take it back, or add what is new beside it. When nobody needs the old any more: ./dev contracts release"
				: "Correct that; what breaks is told after it.");
		return found.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
	}

	@Command(name = "callers", mixinStandardHelpOptions = true, description = "Tells who calls a method.")
	static void callers(@Mixin Invocation invocation, @Parameters(paramLabel = "NAME",
			description = "For example user.v1.UserService/GetUser, or user.v1.UserService, or user.v1.") String name) {
		List<Caller> callers = contracts(invocation).callers(name);
		callers.forEach((caller) -> invocation.console().line(text(caller)));
		if (callers.isEmpty()) {
			invocation.console().line("Nobody in this repository calls it.");
		}
	}

	@Command(name = "release", mixinStandardHelpOptions = true,
			description = "Takes the contracts as they are now for released: from now on they must not break.")
	static void release(@Mixin Invocation invocation) {
		contracts(invocation).release();
		invocation.console().line("contracts/released.json is what callers may rely on now. Commit it.");
	}

	private static String text(Caller caller) {
		return "%s  %s:%d  %s".formatted(caller.module(), caller.file(), caller.line(), caller.method());
	}

	private static Contracts contracts(Invocation invocation) {
		return new Contracts(new Workspace(invocation.root()));
	}

}
