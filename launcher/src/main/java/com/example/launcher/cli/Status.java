package com.example.launcher.cli;

import java.util.List;
import java.util.concurrent.Callable;

import com.example.launcher.InstanceReport;
import com.example.launcher.InstanceReport.Condition;
import com.example.launcher.LocalSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code ./dev status}.
 */
@Command(name = "status", mixinStandardHelpOptions = true,
		description = "Shows every instance, and what is refused of the configuration; "
				+ "the exit code is 0 only if all are healthy.")
final class Status implements Callable<Integer> {

	@Spec
	@SuppressWarnings("NullAway.Init") // set by picocli
	private CommandSpec spec;

	@Mixin
	private final SystemFolders folders = new SystemFolders();

	Status() {
	}

	@Override
	public Integer call() {
		Console console = new Console(spec);
		LocalSystem system = folders.system(console::line);
		List<InstanceReport> report = system.report();
		console.table(report);
		console.addresses(system);
		RefusalWatch.tell(system.refusals(), console::line);
		boolean healthy = report.stream().allMatch((instance) -> instance.condition() == Condition.HEALTHY);
		return healthy ? ExitCode.OK : ExitCode.SOFTWARE;
	}

}
