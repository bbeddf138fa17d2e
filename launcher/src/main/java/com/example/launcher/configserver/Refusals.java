package com.example.launcher.configserver;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import com.example.launcher.process.LocalSystemException;
import com.example.platform.configprotocol.Problem;
import com.example.platform.configprotocol.api.Overview;
import com.example.platform.configprotocol.api.Revision;
import org.jspecify.annotations.Nullable;

/**
 * Why what was saved is not in effect, for the person who saved it. Thread-safe.
 */
public final class Refusals {

	private final Supplier<URI> address;

	private final Set<String> told = new HashSet<>();

	private @Nullable URI serverAddress;

	private @Nullable ConfigServer server;

	/**
	 * The refusals of a config server.
	 * @param address where it serves at the time
	 */
	public Refusals(Supplier<URI> address) {
		this.address = address;
	}

	/**
	 * What is refused now and was not when this was asked before: files, lines, reasons
	 * and the remedy.
	 * @throws LocalSystemException if the config server has nothing at all to give to the
	 * services, which its message explains, or does not answer
	 */
	public synchronized List<String> news() {
		List<String> present = present();
		List<String> news = present.stream().filter((refusal) -> !told.contains(refusal)).toList();
		told.clear();
		told.addAll(present);
		return news;
	}

	private List<String> present() {
		ConfigServer server = server(address.get());
		Overview overview = server.overview();
		List<String> refusals = new ArrayList<>();
		for (Revision newest : server.history(1).revisions()) {
			if (newest.state().equals("REFUSED")) {
				List<Problem> problems = !newest.problems().isEmpty() ? newest.problems()
						: List.of(new Problem(null, null, null, String.valueOf(newest.reason())));
				refusals.add("Revision %s of the configuration is refused; revision %s stays in effect:%n%s"
					.formatted(newest.id(), overview.current(), listed(problems)));
			}
		}
		for (Overview.Instance instance : overview.instances()) {
			if (instance.refused() != null) {
				refusals.add("%s refuses revision %s of the configuration; it stays on %s:%n%s".formatted(
						instance.instance(), instance.refused().revision(), instance.revision(),
						listed(instance.refused().problems())));
			}
		}
		return refusals;
	}

	// Each has a client with a thread and connections of its own.
	private ConfigServer server(URI current) {
		ConfigServer known = server;
		if (known == null || !current.equals(serverAddress)) {
			known = new ConfigServer(current, null);
			server = known;
			serverAddress = current;
		}
		return known;
	}

	private static String listed(List<Problem> problems) {
		return problems.stream().map((problem) -> "  %s%n".formatted(problem)).collect(Collectors.joining())
				+ "Correct that and save; nothing need be restarted.";
	}

}
