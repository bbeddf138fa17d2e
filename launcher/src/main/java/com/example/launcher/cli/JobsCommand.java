package com.example.launcher.cli;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.example.launcher.Instance;
import com.example.launcher.jobs.JobServices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ./dev jobs}: the jobs of the services, seen and steered. Without a command it
 * lists them.
 */
@Command(name = "jobs", mixinStandardHelpOptions = true, addMethodSubcommands = false,
		description = "Lists the jobs of the services: when they run next and how they ran last.")
final class JobsCommand implements Runnable {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String JOB = "Name of a job, for example daily-summary.";

	private static final String KEY = "Key of a run, as the history shows it.";

	private static final int MOST_RUNS = 10_000;

	@Mixin
	@SuppressWarnings("NullAway.Init") // set by picocli
	private JobsInvocation invocation;

	@Override
	public void run() {
		Map<String, JsonNode> all = invocation.services().all();
		if (invocation.json) {
			invocation.print(JSON.valueToTree(all));
			return;
		}
		Table table = new Table("JOB", "SERVICE", "SCHEDULE", "NEXT", "RUNNING", "WAITING", "LAST", "");
		all.forEach((service, jobs) -> jobs.forEach((job) -> {
			JsonNode last = job.path("last");
			table.row(text(job, "name"), service, schedule(job), time(job, "next"), text(job, "running"),
					text(job, "waiting"), time(last, "due"), text(last, "state"));
		}));
		invocation.console().table(table);
	}

	@Command(name = "history", mixinStandardHelpOptions = true, description = "Lists the latest runs of a job.")
	static void history(@Mixin JobsInvocation invocation, @Parameters(paramLabel = "JOB", description = JOB) String job,
			@Option(names = { "-n", "--number" }, paramLabel = "N", defaultValue = "20",
					description = "Number of runs; default: ${DEFAULT-VALUE}") int number) {
		invocation.requireBetween("-n", number, 1, MOST_RUNS);
		JsonNode runs = invocation.services().history(job, number);
		if (invocation.json) {
			invocation.print(runs);
			return;
		}
		Table table = new Table("KEY", "ATTEMPT", "DUE", "LATE", "TOOK", "STATE", "INSTANCE", "FENCE", "");
		for (JsonNode run : runs) {
			table.row(text(run, "key"), text(run, "attempt"), time(run, "due"), between(run, "due", "started"),
					between(run, "started", "ended"), text(run, "state"), text(run, "instance"), text(run, "fence"),
					progress(run));
			if (!text(run, "reason").isEmpty()) {
				table.note(text(run, "reason"));
			}
		}
		invocation.console().table(table);
	}

	@Command(name = "run", mixinStandardHelpOptions = true, description = "Runs a job now, beside its schedule.")
	static void runNow(@Mixin JobsInvocation invocation,
			@Parameters(paramLabel = "JOB", description = JOB) String job) {
		invocation.steer(job, "RUN", "manual-" + UUID.randomUUID(),
				"runs as soon as an instance takes it. ./dev jobs history " + job + " tells how it went.");
	}

	@Command(name = "pause", mixinStandardHelpOptions = true,
			description = "Pauses a job's schedule: its ticks are skipped.")
	static void pause(@Mixin JobsInvocation invocation, @Parameters(paramLabel = "JOB", description = JOB) String job) {
		invocation.steer(job, "PAUSE", null, "is paused.");
	}

	@Command(name = "resume", mixinStandardHelpOptions = true, description = "Resumes a job's schedule.")
	static void resume(@Mixin JobsInvocation invocation,
			@Parameters(paramLabel = "JOB", description = JOB) String job) {
		invocation.steer(job, "RESUME", null, "goes on.");
	}

	@Command(name = "retry", mixinStandardHelpOptions = true, description = "Repeats a run that was not successful.")
	static void retry(@Mixin JobsInvocation invocation, @Parameters(paramLabel = "JOB", description = JOB) String job,
			@Parameters(paramLabel = "KEY", description = KEY) String key) {
		invocation.steer(job, "RETRY", key, "runs " + key + " again.");
	}

	@Command(name = "cancel", mixinStandardHelpOptions = true, description = "Ends a run that waits or is under way.")
	static void cancel(@Mixin JobsInvocation invocation, @Parameters(paramLabel = "JOB", description = JOB) String job,
			@Parameters(paramLabel = "KEY", description = KEY) String key) {
		invocation.steer(job, "CANCEL", key, "ends " + key + ".");
	}

	private static String schedule(JsonNode job) {
		JsonNode schedule = job.path("policy").path("schedule");
		String text = "on demand";
		if (schedule.path("cron").isString()) {
			text = text(schedule, "cron") + " " + text(schedule, "zone");
		}
		else if (schedule.path("fixedDelay").isString()) {
			text = text(schedule, "fixedDelay") + " after the end";
		}
		if (job.path("paused").asBoolean(false)) {
			return text + " (paused)";
		}
		return job.path("policy").path("enabled").asBoolean(true) ? text : text + " (switched off)";
	}

	private static String progress(JsonNode run) {
		return run.path("total").isNumber() ? text(run, "done") + "/" + text(run, "total") : "";
	}

	private static String between(JsonNode run, String from, String to) {
		if (!run.path(from).isString() || !run.path(to).isString()) {
			return "";
		}
		long millis = Duration.between(Instant.parse(text(run, from)), Instant.parse(text(run, to))).toMillis();
		return "%,d ms".formatted(millis);
	}

	private static String time(JsonNode node, String field) {
		return node.path(field).isString() ? Instant.parse(text(node, field)).truncatedTo(ChronoUnit.SECONDS).toString()
				: "";
	}

	private static String text(JsonNode node, String field) {
		return node.path(field).isNull() ? "" : node.path(field).asString("");
	}

	/** A call of {@code ./dev jobs} or of one of its commands. */
	static final class JobsInvocation extends Invocation {

		@Option(names = "--json", description = "Print JSON, as the services' endpoint has it.")
		private boolean json;

		@Option(names = "--url", paramLabel = "URL", descriptionKey = "jobs.url", description = """
				Address of an instance of a service, instead of the system that runs here, \
				for example http://127.0.0.1:8082""")
		private @Nullable URI url;

		JobServices services() {
			if (url != null) {
				requireHttp(url);
				return new JobServices(Map.of(url.getAuthority(), List.of(url)));
			}
			Map<String, List<URI>> instances = new LinkedHashMap<>();
			system().instances()
				.stream()
				.filter(Instance::isService)
				.forEach((instance) -> instances.computeIfAbsent(instance.component(), (service) -> new ArrayList<>())
					.add(URI.create("http://127.0.0.1:" + instance.healthPort())));
			return new JobServices(instances);
		}

		void steer(String job, String action, @Nullable String key, String done) {
			JsonNode view = services().steer(job, action, key);
			if (json) {
				print(view);
			}
			else {
				console().line(job + " " + done);
			}
		}

		void print(JsonNode node) {
			console().line(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
		}

	}

}
