package com.example.launcher.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.example.launcher.load.Answer;
import com.example.launcher.load.Connections;
import com.example.launcher.load.Load;
import com.example.launcher.load.LoadOptions;
import com.example.launcher.load.LoadPage;
import com.example.launcher.load.LoadResult;
import com.example.launcher.load.Mix;
import com.example.launcher.load.Request;
import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ./dev load}.
 */
@Command(name = "load", mixinStandardHelpOptions = true, sortOptions = false,
		description = "Sends requests at a rate, whatever becomes of them, and tells how long they took from when they were due.",
		exitCodeListHeading = "%nExit codes:%n", exitCodeList = { "0:the load ran, whatever the answers were",
				"1:nothing answered", "2:wrong arguments", "130:Ctrl-C ended it, and its result is told" })
final class LoadCommand implements Callable<Integer> {

	private static final double MOST_RPS = 100_000;

	private static final Duration LONGEST = Duration.ofHours(24);

	private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

	private static final int MOST_UNDER_WAY = 5_000;

	private static final int LARGEST_BODY = 16 << 20;

	private static final long LONGEST_WRITE_MILLIS = 10_000;

	private static final Path STANDARD_OUTPUT = Path.of("-");

	@Mixin
	private final Invocation invocation = new Invocation();

	@Option(names = "--rps", paramLabel = "N", defaultValue = "50",
			description = "Requests due in a second; default: ${DEFAULT-VALUE}")
	private double rps;

	@Option(names = "--for", paramLabel = "TIME", defaultValue = "30s", converter = Quantities.Time.class,
			description = "How long requests are due, for example 90s, 5m or 1h; default: ${DEFAULT-VALUE}")
	@SuppressWarnings("NullAway.Init") // set by picocli
	private Duration time;

	@Option(names = "--warm-up", paramLabel = "TIME", converter = Quantities.Time.class,
			description = "Send as much for a while first, which does not count.")
	private @Nullable Duration warmUp;

	@Option(names = "--mix", paramLabel = "reads|orders|FILE",
			description = "What is sent; default: reads, and orders with --body. A FILE names requests and weights, see launcher/README.md.")
	private @Nullable String mix;

	@Option(names = "--body", paramLabel = "SIZE", defaultValue = "0", converter = Quantities.Size.class,
			description = "Enlarge bodies to this size by blanks, for example 900KB.")
	private int body;

	@Option(names = "--url", paramLabel = "URL", description = "Another gateway than that of the local system.")
	private @Nullable URI url;

	@Option(names = "--poisson", description = "Requests are due at random instead of at even distances.")
	private boolean poisson;

	@Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10s", converter = Quantities.Time.class,
			description = "How long an answer is waited for; default: ${DEFAULT-VALUE}")
	@SuppressWarnings("NullAway.Init") // set by picocli
	private Duration timeout;

	@Option(names = "--under-way", paramLabel = "N", defaultValue = "1000",
			description = "Most requests under way, on a connection each; default: ${DEFAULT-VALUE}. What is due beyond that is counted as not sent.")
	private int underWay;

	@Option(names = "--json", paramLabel = "FILE|-",
			description = "Write the result as JSON; - is the standard output.")
	private @Nullable Path json;

	@Option(names = "--html", paramLabel = "FILE", description = "Write the result as a page with curves.")
	private @Nullable Path html;

	@Override
	public Integer call() {
		check();
		Random random = new Random();
		String name = (mix != null) ? mix : (body > 0) ? "orders" : "reads";
		Mix requests = Mix.of(name, body, random);
		URI target = target();
		LoadText text = new LoadText(
				STANDARD_OUTPUT.equals(json) ? new Console(invocation.err()) : invocation.console());
		try (Connections connections = new Connections(target, timeout)) {
			Answer first = connections.send(Request.get("/")).join();
			if (first.status() == 0) {
				throw new LocalSystemException(
						"Nothing answers at %s (%s). Start the system with './dev up', or name another gateway by --url."
							.formatted(target, first.outcome()));
			}
			requests.prepare(connections);
			if (warmUp != null) {
				text.begin("Warm-up of %d s, which does not count.".formatted(warmUp.toSeconds()));
				LoadOptions options = new LoadOptions(rps, poisson, warmUp, underWay);
				Load.start(connections, options, requests, random).watch(text::second);
			}
			String title = "%s at %s requests a second, mix %s".formatted(target, Quantities.number(rps), name);
			text.begin(title + ". Ctrl-C ends it early and still reports.");
			LoadOptions options = new LoadOptions(rps, poisson, time, underWay);
			return reported(Load.start(connections, options, requests, random), text, title);
		}
	}

	/** Ctrl-C ends the load, and this JVM only when the report is written. */
	private int reported(Load load, LoadText text, String title) {
		CountDownLatch written = new CountDownLatch(1);
		Thread interrupted = new Thread(() -> {
			load.stop();
			try {
				written.await(timeout.toMillis() + LONGEST_WRITE_MILLIS, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, "load-interrupted");
		Runtime.getRuntime().addShutdownHook(interrupted);
		try {
			LoadResult result = load.watch(text::second);
			text.result(result);
			write(title, result);
			return result.isAnswered() ? ExitCode.OK : ExitCode.SOFTWARE;
		}
		finally {
			written.countDown();
		}
	}

	private void check() {
		invocation.require(rps > 0 && rps <= MOST_RPS,
				"--rps must be above 0 and at most %s.".formatted(Quantities.number(MOST_RPS)));
		invocation.require(time.compareTo(LONGEST) <= 0, "--for must be at most 24h.");
		invocation.require(warmUp == null || warmUp.compareTo(LONGEST) <= 0, "--warm-up must be at most 24h.");
		invocation.require(timeout.compareTo(LONGEST_TIMEOUT) <= 0, "--timeout must be at most 10m.");
		invocation.requireBetween("--under-way", underWay, 1, MOST_UNDER_WAY);
		invocation.require(body <= LARGEST_BODY, "--body must be at most 16MB.");
		if (url != null) {
			invocation.requireHttp(url);
			invocation.require(url.getRawPath().matches("/?") && url.getRawQuery() == null,
					url + " has a path. Leave it out: the mix says which paths are asked.");
		}
		requireWritable("--json", STANDARD_OUTPUT.equals(json) ? null : json);
		requireWritable("--html", html);
	}

	private void requireWritable(String name, @Nullable Path file) {
		if (file != null) {
			Path folder = file.toAbsolutePath().normalize().getParent();
			invocation.require(folder != null && Files.isWritable(folder) && !Files.isDirectory(file),
					"%s: %s cannot be written. Name a file in a folder that exists.".formatted(name, file));
		}
	}

	private URI target() {
		if (url != null) {
			return url;
		}
		try {
			return invocation.system().gateway();
		}
		catch (LocalSystemException ex) {
			throw new LocalSystemException(ex.getMessage() + " A gateway elsewhere is named by --url.", ex);
		}
	}

	private void write(String title, LoadResult result) {
		if (STANDARD_OUTPUT.equals(json)) {
			invocation.console().line(LoadPage.json(result));
		}
		else if (json != null) {
			write(json, LoadPage.json(result));
		}
		if (html != null) {
			write(html, LoadPage.html(title, result));
		}
	}

	private static void write(Path file, String text) {
		try {
			Files.writeString(file, text);
		}
		catch (IOException ex) {
			throw new LocalSystemException("%s cannot be written (%s). Check the disk.".formatted(file, ex), ex);
		}
	}

}
