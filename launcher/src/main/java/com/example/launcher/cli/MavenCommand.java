package com.example.launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;
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
		try {
			return new ProcessBuilder(command).directory(workspace.root().toFile()).inheritIO().start().waitFor();
		}
		catch (IOException ex) {
			throw new LocalSystemException("Cannot run Maven (%s). Install Maven 3.8.7 or newer.".formatted(ex), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LocalSystemException("Interrupted while Maven ran.", ex);
		}
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
