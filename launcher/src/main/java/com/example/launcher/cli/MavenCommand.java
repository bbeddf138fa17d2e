package com.example.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import com.example.launcher.build.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/**
 * A command that is one Maven call; whatever else is on the line goes to Maven.
 */
abstract class MavenCommand implements Callable<Integer> {

	@Mixin
	private final SystemFolders folders = new SystemFolders();

	@Unmatched
	private List<String> arguments = new ArrayList<>();

	private final String goal;

	MavenCommand(String goal) {
		this.goal = goal;
	}

	@Override
	public final Integer call() {
		Workspace workspace = new Workspace(folders.root());
		List<String> command = new ArrayList<>(List.of(workspace.maven().toString(), goal));
		command.addAll(arguments);
		return Terminal.run(workspace.root(), command);
	}

	/**
	 * {@code ./dev test}.
	 */
	@Command(name = "test", description = "Runs all tests and checks: mvn verify. Takes Maven's arguments.")
	static final class Test extends MavenCommand {

		Test() {
			super("verify");
		}

	}

	/**
	 * {@code ./dev format}.
	 */
	@Command(name = "format", description = "Formats all Java sources. Takes Maven's arguments.")
	static final class Format extends MavenCommand {

		Format() {
			super("spring-javaformat:apply");
		}

	}

}
