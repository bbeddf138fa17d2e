package com.example.launcher.build;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one run of Maven says: modules and downloads are told as they come; in the end, of
 * a run that failed, a sentence names cause and remedy. The script {@code dev} starts
 * this file as it is, before there is a launcher: so it uses the JDK alone.
 */
final class MavenRun implements Consumer<String> {

	/** A Ctrl-C reaches Maven too, and may end it before this JVM knows of it. */
	static final int INTERRUPTED = 130;

	/** How long a repository may be silent: so one that is away is noticed soon. */
	private static final Duration PATIENCE = Duration.ofSeconds(4);

	/** How long one that has answered before: one behind it may have to be asked. */
	private static final Duration MORE_PATIENCE = Duration.ofSeconds(60);

	private static final String ANSWER_TIMEOUT = "aether.connector.requestTimeout";

	private static final long MIB = 1024 * 1024;

	private static final long ROOM = 100 * MIB;

	private static final int DOWNLOADS_PER_LINE = 50;

	private static final int MOST_LINES = 30;

	private static final Pattern MODULE = Pattern.compile("\\[INFO] Building (\\S+) .*\\[(\\d+)/(\\d+)]");

	private static final Pattern DISK_FULL = Pattern
		.compile("(?i)no space left on device|disk quota exceeded|not enough space on the disk");

	private static final Pattern FORBIDDEN = Pattern.compile(
			"(?i)^(?!.*(?:status code|SocketException)).*(?:read-only file system|permission denied|access is denied|AccessDenied|could not create local repository)");

	/** Which repository, and why; behind that, what Maven gives up for it. */
	private static final Pattern TRANSFER = Pattern.compile(
			"Could not transfer \\S+ \\S+ from/to \\S+ \\((\\S+?)\\): (.+?)(?: and 'parent\\.| @ (?:line )?| -> \\[|$)");

	private static final String CAUSE = "Caused by: ";

	private static final Pattern STACK_TRACE = Pattern
		.compile("^(?:" + CAUSE + "|\\s+at |\\s+\\.\\.\\. \\d+ more|[a-z]\\w*\\.[\\w.$]+(?:Exception|Error)\\b)");

	private static final Pattern SILENCE = Pattern.compile("(?i)\\btimed out|\\btimeout\\b");

	private static final Pattern MISSING = Pattern.compile("Could not find artifact (\\S+) in \\S+ \\((\\S+?)\\)");

	private static final Pattern WRAPPER = Pattern.compile("Failed to fetch (\\S+)");

	private static final String NETWORK = "Check the network, and the mirrors and proxies in "
			+ Path.of(System.getProperty("user.home"), ".m2", "settings.xml") + ", then try again.";

	private final Consumer<String> progress;

	private final List<String> errors = new ArrayList<>();

	private String innermostCause = "";

	private int downloads;

	private int exitCode;

	private MavenRun(Consumer<String> progress) {
		this.progress = progress;
	}

	/**
	 * Runs Maven, a second time if a repository is slow.
	 * @param command Maven and its arguments
	 * @param progress gets a line for each module, and for many downloads
	 * @param program runs a command
	 */
	static MavenRun of(List<String> command, Consumer<String> progress, Program program) {
		MavenRun run = of(command, PATIENCE, progress, program);
		return run.wasImpatient() ? of(command, MORE_PATIENCE, progress, program) : run;
	}

	private static MavenRun of(List<String> command, Duration patience, Consumer<String> progress, Program program) {
		List<String> patient = new ArrayList<>(command);
		if (isPatienceSet()) {
			patient.add(1, "-e");
			return once(patient, progress, program);
		}
		String millis = Long.toString(patience.toMillis());
		// The last is for the transport of Maven 3.8, which without -e does not tell why.
		patient.addAll(1, List.of("-e", "-Daether.connector.connectTimeout=" + PATIENCE.toMillis(),
				"-D" + ANSWER_TIMEOUT + "=" + millis, "-Dmaven.wagon.rto=" + millis));
		return once(patient, progress, program);
	}

	private static MavenRun once(List<String> command, Consumer<String> progress, Program program) {
		MavenRun run = new MavenRun(progress);
		run.exitCode = program.toEnd(command, run);
		return run;
	}

	/** What is on Maven's command line would count more than what its user has set. */
	private static boolean isPatienceSet() {
		return Stream.of("MAVEN_OPTS", "MAVEN_ARGS")
			.map(System::getenv)
			.anyMatch((options) -> options != null && options.contains(ANSWER_TIMEOUT));
	}

	/**
	 * Runs Maven before there is a launcher.
	 * @param arguments the folder that it writes to, and its command line
	 */
	public static void main(String... arguments) {
		Optional<String> obstacle = obstacle(Path.of(arguments[0]));
		if (obstacle.isPresent()) {
			System.err.println("The launcher cannot be built: " + obstacle.get());
			System.exit(1);
		}
		MavenRun run = of(Arrays.asList(arguments).subList(1, arguments.length), System.err::println, MavenRun::toEnd);
		if (run.exitCode() == INTERRUPTED) {
			System.exit(INTERRUPTED);
		}
		if (run.exitCode() != 0) {
			System.err.println("The launcher cannot be built: " + run.failure());
			System.exit(1);
		}
	}

	/** Why nothing can be built in a folder; empty if nothing is known against it. */
	static Optional<String> obstacle(Path folder) {
		try {
			Files.delete(Files.createTempFile(Files.createDirectories(folder), ".room", ""));
		}
		catch (IOException ex) {
			return Optional.of("%s cannot be written (%s). %s".formatted(folder, reason(ex),
					DISK_FULL.matcher(String.valueOf(ex)).find() ? "Make room on the disk."
							: "Clone the repository into a folder of your own."));
		}
		try {
			long free = Files.getFileStore(folder).getUsableSpace();
			return (free >= ROOM) ? Optional.empty() : Optional
				.of("only %d MiB are free for %s. Make room: about 3,000 are needed.".formatted(free / MIB, folder));
		}
		catch (IOException ex) {
			// Some systems do not tell.
			return Optional.empty();
		}
	}

	private static String reason(IOException ex) {
		return (ex instanceof AccessDeniedException) ? "permission denied"
				: (ex instanceof FileSystemException failure && failure.getReason() != null) ? failure.getReason()
						: ex.toString();
	}

	@Override
	public void accept(String line) {
		Matcher module = MODULE.matcher(line);
		if (module.matches()) {
			progress.accept("  %s (%s of %s)".formatted(module.group(1), module.group(2), module.group(3)));
		}
		else if (line.contains("Downloaded from")) {
			downloads++;
			if (downloads % DOWNLOADS_PER_LINE == 0) {
				progress.accept("  Maven has downloaded " + downloads + " files");
			}
		}
		else if (STACK_TRACE.matcher(line).find()) {
			innermostCause = line.startsWith(CAUSE) ? line.replaceFirst(CAUSE + "[\\w.$]+(: )?", "") : innermostCause;
		}
		else if (line.startsWith("[ERROR]") || line.startsWith("[FATAL]")
				|| (!line.startsWith("[") && !line.contains("Download"))) {
			errors.add(line);
		}
	}

	int exitCode() {
		return exitCode;
	}

	/** Whether it failed at a repository that is slow, not away. */
	private boolean wasImpatient() {
		return exitCode != 0 && downloads > 0 && found(TRANSFER).filter(this::isSilence).isPresent();
	}

	/** Why it failed, and what to do about it. */
	String failure() {
		if (found(DISK_FULL).isPresent()) {
			return "the disk is full. Make room, about 3,000 MiB are needed, and try again.";
		}
		if (found(FORBIDDEN).isPresent()) {
			return "a file cannot be written. Check who owns it, and try again:%n%s".formatted(line(FORBIDDEN));
		}
		return found(TRANSFER).map(this::noTransfer)
			.or(() -> found(MISSING).map(MavenRun::missing))
			.or(() -> found(WRAPPER).map(MavenRun::noMaven))
			.orElseGet(() -> "correct this and try again:%n%s".formatted(
					String.join(System.lineSeparator(), errors.subList(0, Math.min(MOST_LINES, errors.size())))));
	}

	private String noTransfer(Matcher transfer) {
		boolean isSilent = isSilence(transfer);
		return "Maven cannot fetch from %s: %s. %s%s".formatted(transfer.group(1),
				isSilent ? "it does not answer" : reason(transfer), NETWORK,
				isSilent ? " One that is only slow gets a minute with MAVEN_OPTS=-D" + ANSWER_TIMEOUT + "=60000." : "");
	}

	private static String missing(Matcher missing) {
		return "%s has no %s. Correct the mirror in settings.xml, or what the pom.xml says, and try again."
			.formatted(missing.group(2), missing.group(1));
	}

	private static String noMaven(Matcher wrapper) {
		return "Maven is not on the PATH, and cannot be fetched from %s. Check the network, or install Maven 3.8.7 or newer, or set MVNW_REPOURL to a mirror."
			.formatted(wrapper.group(1));
	}

	private boolean isSilence(Matcher transfer) {
		return SILENCE.matcher(reason(transfer)).find();
	}

	private String reason(Matcher transfer) {
		String told = transfer.group(2);
		return told.startsWith("transfer failed") && !innermostCause.isEmpty() ? innermostCause : told;
	}

	private Optional<Matcher> found(Pattern pattern) {
		return errors.stream().map(pattern::matcher).filter(Matcher::find).findFirst();
	}

	private String line(Pattern pattern) {
		return errors.stream().filter((line) -> pattern.matcher(line).find()).findFirst().orElse("");
	}

	private static int toEnd(List<String> command, Consumer<String> lines) {
		try {
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
			Process maven = builder.start();
			Runtime.getRuntime().addShutdownHook(new Thread(maven::destroy));
			maven.getOutputStream().close();
			try (BufferedReader output = maven.inputReader(StandardCharsets.UTF_8)) {
				output.lines().forEach(lines);
			}
			return maven.onExit().join().exitValue();
		}
		catch (IOException ex) {
			lines.accept(ex.toString());
			return 1;
		}
	}

	/** Runs a command and hands over its lines. */
	@FunctionalInterface
	interface Program {

		int toEnd(List<String> command, Consumer<String> lines);

	}

}
