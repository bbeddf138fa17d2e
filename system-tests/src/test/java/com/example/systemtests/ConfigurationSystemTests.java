package com.example.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.example.launcher.configserver.ConfigServer;
import com.example.launcher.process.LocalSystemException;
import com.example.platform.configprotocol.InstanceReport.Refused;
import com.example.platform.configprotocol.Problem;
import com.example.platform.configprotocol.api.GrayRelease;
import com.example.platform.configprotocol.api.GrayRelease.Comparison;
import com.example.platform.configprotocol.api.GrayRelease.Side;
import com.example.platform.configprotocol.api.Overview;
import com.example.platform.configprotocol.api.Overview.Event;
import com.example.platform.configprotocol.api.Overview.Instance;
import com.example.platform.configprotocol.api.Revision;
import com.example.systemtests.BrokenEdit.Kind;
import com.example.systemtests.BrokenEdit.Target;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Proves that configuration can be changed while everything runs: soon, all or nothing,
 * and whatever dies meanwhile. Durations are printed, and asserted with room for a
 * machine that is busy. {@code ./dev test -Dconfig.full=true} repeats each proof as often
 * as the README's figures say.
 */
class ConfigurationSystemTests {

	/** Whether to take the time for the figures of the README. */
	private static final boolean FULL = Boolean.getBoolean("config.full");

	private static final int CHANGES = FULL ? 50 : 10;

	/** The first ones load and compile what later ones only run. */
	private static final int WARM_UP_CHANGES = 10;

	private static final int BROKEN_EDITS = FULL ? 200 : 40;

	private static final int STARTS = FULL ? 100 : 2;

	private static final int DEATHS_DURING_A_RELOAD = FULL ? 20 : 2;

	private static final Duration AWAY = Duration.ofSeconds(FULL ? 60 : 5);

	private static final Duration LONGEST_START = Duration.ofMinutes(1);

	/** So that every run does the same. */
	private static final long SEED = 20_260_101;

	private static final List<String> FILES = List.of("application.yml", "order-service.yml", "user-service.yml");

	private static final List<String> ORDER_SERVICES = List.of("order-service-1", "order-service-2");

	private static final List<String> USER_SERVICES = List.of("user-service-1", "user-service-2");

	private final Map<String, String> contents = new TreeMap<>();

	private final Random random = new Random(SEED);

	private final long userId = Http.createUser();

	@BeforeEach
	void remember() {
		FILES.forEach((file) -> contents.put(file, Repository.read(RunningSystem.configuration(file))));
		awaitConverged();
	}

	@AfterEach
	void restore() {
		if (overview().gray() != null) {
			RunningSystem.configServer().abandon("a proof", null);
		}
		FILES.forEach((file) -> {
			if (!content(file).equals(read(file))) {
				save(file, content(file));
			}
		});
		awaitConverged();
	}

	@Test
	void savesReachFourInstancesUnderLoad() {
		// Otherwise the services' own files would hide what all of them are told.
		save("order-service.yml", without("order-service.yml", "max-lines: 20"));
		save("user-service.yml", without("user-service.yml", "greeting: Hello"));
		awaitConverged();
		List<Long> millis = new ArrayList<>();
		List<String> revisions = new ArrayList<>();
		try (SteadyLoad reads = reads(); SteadyLoad orders = orders()) {
			awaitAnswers(orders, 60);
			for (int i = 1; i <= WARM_UP_CHANGES + CHANGES; i++) {
				String before = overview().head();
				Instant saved = Instant.now();
				save("application.yml", content("application.yml")
						+ "users.greeting: Hello %d\norders.limits.max-lines: %d\n".formatted(i, 20 + i));
				Overview after = awaitOn(before);
				millis.add(latest(saved, after.instances()));
				revisions.add(after.head());
				int number = i;
				assertThat(ORDER_SERVICES)
					.allMatch((instance) -> limits(instance).contains("\"maxLines\":" + (20 + number)));
				assertThat(USER_SERVICES).allMatch((instance) -> greeting(instance).contains("Hello " + number));
				awaitAnswers(orders, random.nextInt(10));
			}
			SteadyLoad.Result read = reads.finish();
			SteadyLoad.Result ordered = orders.finish();
			List<Long> measured = millis.subList(WARM_UP_CHANGES, millis.size());
			System.out.printf(
					"%d saves under load were in effect on all of %s and the gateway after: median %d ms, p99 %d ms, %s; the %d before them %s; reads %s; orders %s%n",
					CHANGES, instances(), percentile(measured, 50), percentile(measured, 99), measured, WARM_UP_CHANGES,
					millis.subList(0, WARM_UP_CHANGES), read, ordered);
			assertThat(read.failures()).isEmpty();
			assertThat(ordered.failures()).isEmpty();
		}
		await().untilAsserted(() -> assertThat(instances())
			.allSatisfy((instance) -> assertThat(appliedBy(instance)).containsSubsequence(revisions)));
		assertThat(millis).allMatch((each) -> each < 5_000);
	}

	@Test
	void brokenEditsAreRefusedOneByOne() {
		Map<String, String> answers = answers();
		Map<Kind, Integer> byServer = new EnumMap<>(Kind.class);
		Map<Kind, Integer> byInstances = new EnumMap<>(Kind.class);
		Kind[] kinds = Kind.values();
		Target target = BrokenEdit.TARGETS.get(0);
		for (int i = 0; i < BROKEN_EDITS; i++) {
			String file = target.file();
			BrokenEdit edit = BrokenEdit.of(kinds[i % kinds.length], target, content(file), random, i);
			String description = edit + " in " + file;
			String before = overview().head();
			save(file, edit.content(), StandardCharsets.ISO_8859_1);
			List<Problem> problems = awaitRefusal(before, target.service(), description);
			assertThat(problems).as(description)
				.allMatch((problem) -> file.equals(problem.file()))
				.anyMatch((problem) -> edit.isToldBy(problem, file));
			assertThat(RunningSystem.system().refusals().news()).as("told of " + description)
				.anyMatch((refusal) -> problems.stream().map(Problem::toString).allMatch(refusal::contains));
			Overview now = overview();
			(Objects.equals(now.current(), now.head()) ? byInstances : byServer).merge(edit.kind(), 1, Integer::sum);
			assertThat(answers()).as(description).isEqualTo(answers);
			// Others are saved over the broken file.
			if (random.nextBoolean()) {
				save(file, content(file));
				awaitConverged();
				target = BrokenEdit.TARGETS.get(random.nextInt(BrokenEdit.TARGETS.size()));
			}
		}
		save(target.file(), content(target.file()));
		Instant saved = Instant.now();
		RunningSystem.edit("order-service.yml", "max-lines: 20", "max-lines: 21");
		awaitConverged();
		assertThat(ORDER_SERVICES).allMatch((instance) -> limits(instance).contains("\"maxLines\":21"));
		long repaired = latest(saved, overview().instances());
		System.out.printf(
				"%d broken edits: refused by the config server %d %s, by the instances %d %s; a good one was in effect %d ms later%n",
				BROKEN_EDITS, sum(byServer), byServer, sum(byInstances), byInstances, repaired);
		assertThat(sum(byServer) + sum(byInstances)).isEqualTo(BROKEN_EDITS);
	}

	@Test
	void aGrayRevisionThatRaisesTheErrorRateIsTakenBack() {
		// Who cannot be asked about must fail the order.
		RunningSystem.edit("order-service.yml", "max-total-minor-units: 20000", "max-total-minor-units: 0");
		RunningSystem.edit("order-service.yml", "eligible-for: 3s", "eligible-for: 0s");
		RunningSystem.system().scale("order-service", 4);
		try (SteadyLoad orders = orders()) {
			awaitConverged();
			awaitAnswers(orders, 60);
			String stable = overview().current();
			String stableFile = read("order-service.yml");
			RunningSystem.configServer().startGray(null, 50, Map.of(), "a proof", "will fail");
			RunningSystem.edit("order-service.yml", "deadline: 2s", "deadline: 1ms");
			await("taken back").atMost(Duration.ofMinutes(1)).until(() -> overview().gray() == null);
			Event published = event("gray");
			Event takenBack = event("taken-back");
			Duration out = Duration.ofMillis(millis(published.time(), takenBack.time()));
			awaitConverged();
			System.out.printf("a gray revision for %s was taken back after %d ms: %s%n", "2 of 4 instances",
					out.toMillis(), takenBack.message());
			assertThat(out).isLessThanOrEqualTo(Duration.ofSeconds(10));
			assertThat(takenBack.message()).contains("error rate");
			assertThat(read("order-service.yml")).isEqualTo(stableFile);
			assertThat(RunningSystem.configServer().difference(stable, null, null).services()).isEmpty();

			await("breakers closed again").until(() -> orderServices().allMatch(this::takesOrders));
			RunningSystem.configServer().startGray(null, 50, Map.of(), "a proof", "will do");
			RunningSystem.edit("order-service.yml", "max-lines: 20", "max-lines: 21");
			await().until(() -> withMaxLines(21) == 2);
			await().atMost(Duration.ofMinutes(1)).until(() -> requestsToGray() >= 60);
			GrayRelease gray = Objects.requireNonNull(overview().gray());
			assertThat(withMaxLines(21)).isEqualTo(2);
			RunningSystem.configServer().promote("a proof", null);
			await().until(() -> withMaxLines(21) == 4);
			SteadyLoad.Result ordered = orders.finish();
			System.out.printf("a gray revision for %s was promoted: %s; orders of both %s%n", gray.instances(),
					gray.comparison(), ordered);
		}
		finally {
			RunningSystem.system().scale("order-service", 2);
			RunningSystem.edit("order-service.yml", "max-total-minor-units: 0", "max-total-minor-units: 20000");
			RunningSystem.edit("order-service.yml", "eligible-for: 0s", "eligible-for: 3s");
		}
	}

	@Test
	void whileTheConfigServerIsAwayNothingFailsAndWhatIsSavedCountsOnItsReturn() {
		try (SteadyLoad reads = reads(); SteadyLoad orders = orders()) {
			awaitAnswers(orders, 30);
			RunningSystem.system().kill("config-server");
			long killed = System.nanoTime();
			RunningSystem.system().stop("order-service-2");
			RunningSystem.system().start("order-service-2");
			assertThat(configurationHealth("order-service-2")).contains("\"source\":\"snapshot\"");
			assertThat(limits("order-service-2")).isEqualTo(limits("order-service-1"));
			RunningSystem.edit("application.yml", "com.example: info", "com.example: warn");
			RunningSystem.edit("order-service.yml", "max-lines: 20", "max-lines: 21");
			await().atMost(AWAY.plusSeconds(10)).until(() -> System.nanoTime() - killed >= AWAY.toNanos());
			Instant healthy = startConfigServer();
			Overview after = awaitConverged();
			long millis = latest(healthy, after.instances());
			SteadyLoad.Result read = reads.finish();
			SteadyLoad.Result ordered = orders.finish();
			System.out.printf(
					"config server away for %d s: reads %s; orders %s; all instances ran what was saved meanwhile %d ms after it was healthy%n",
					Duration.ofNanos(System.nanoTime() - killed).toSeconds(), read, ordered, millis);
			assertThat(ORDER_SERVICES).allMatch((instance) -> limits(instance).contains("\"maxLines\":21"));
			assertThat(read.failures()).isEmpty();
			assertThat(ordered.failures()).isEmpty();
			assertThat(millis).isLessThanOrEqualTo(5_000);
		}
	}

	@Test
	void aConfigServerThatDiesDuringAReloadOnlyDelaysIt() {
		List<Long> millis = new ArrayList<>();
		for (int i = 1; i <= DEATHS_DURING_A_RELOAD; i++) {
			String before = overview().head();
			long death = System.nanoTime() + Duration.ofMillis(random.nextInt(100)).toNanos();
			RunningSystem.edit("order-service.yml", "max-lines: " + (19 + i), "max-lines: " + (20 + i));
			await().pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() >= death);
			RunningSystem.system().kill("config-server");
			Instant healthy = startConfigServer();
			Overview after = awaitConverged();
			assertThat(after.head()).isNotEqualTo(before);
			millis.add(latest(healthy, after.instances()));
			String wanted = "\"maxLines\":" + (20 + i);
			assertThat(ORDER_SERVICES).allMatch((instance) -> limits(instance).contains(wanted));
		}
		System.out.printf(
				"config server killed %d times within 100 ms of a save: all instances ran it at most %s ms after it was healthy again%n",
				DEATHS_DURING_A_RELOAD, millis);
		assertThat(millis).allMatch((each) -> each <= 5_000);
	}

	@Test
	void noChangeIsMissedWhileAnInstanceStarts() {
		String instance = "user-service-2";
		Duration start = Duration.ofSeconds(5);
		List<Long> moments = new ArrayList<>();
		for (int i = 1; i <= STARTS; i++) {
			String before = overview().head();
			RunningSystem.system().kill(instance);
			long begun = System.nanoTime();
			CompletableFuture<?> started = CompletableFuture.runAsync(() -> RunningSystem.system().start(instance));
			long moment = (long) (start.toNanos() * random.nextDouble());
			await().pollInterval(Duration.ofMillis(2))
				.atMost(LONGEST_START)
				.until(() -> System.nanoTime() - begun >= moment);
			save("user-service.yml", content("user-service.yml").replace("greeting: Hello", "greeting: Hello " + i));
			moments.add(Duration.ofNanos(moment).toMillis());
			started.join();
			start = Duration.ofNanos(System.nanoTime() - begun);
			String greeting = "Hello " + i;
			await("change " + i + " after " + moments)
				.until(() -> USER_SERVICES.stream().allMatch((each) -> greeting(each).contains(greeting)));
			Overview after = awaitConverged();
			assertThat(after.head()).isNotEqualTo(before);
		}
		System.out.printf(
				"%d starts of %s with a save at a random moment of each, %s ms after its begin: none was missed%n",
				STARTS, instance, moments);
	}

	@Test
	void ofTwoConfigServersOneIsEnough() {
		RunningSystem.system().scale("config-server", 2);
		try {
			awaitConverged();
			RunningSystem.system().kill("config-server");
			ConfigServer second = RunningSystem.configServer("config-server-2");
			Instant saved = Instant.now();
			RunningSystem.edit("order-service.yml", "max-lines: 20", "max-lines: 21");
			await().until(() -> withMaxLines(21) == 2);
			String head = second.overview().head();
			await().until(() -> allRun(head, second));
			long reached = latest(saved, second.overview().instances());
			Instant asked = Instant.now();
			Revision restored = second.rollBack(null, "a proof", "it was only a proof");
			await().until(() -> withMaxLines(20) == 2);
			await().until(() -> allRun(restored.id(), second));
			long rolledBack = latest(asked, second.overview().instances());
			System.out.printf(
					"one of two config servers killed: a save was in effect after %d ms, its roll-back after %d ms%n",
					reached, rolledBack);
			assertThat(read("order-service.yml")).isEqualTo(content("order-service.yml"));
			RunningSystem.system().start("config-server");
			assertThat(RunningSystem.configServer().overview().current()).isEqualTo(restored.id());
			assertThat(List.of(reached, rolledBack)).allMatch((each) -> each < 5_000);
		}
		finally {
			RunningSystem.system().scale("config-server", 1);
		}
	}

	// ------------------------------------------------------------------ what is done

	private SteadyLoad reads() {
		return SteadyLoad.of(12, Set.of(200), () -> Http.user(userId));
	}

	private SteadyLoad orders() {
		return SteadyLoad.of(12, Http.PLACED, (tag) -> Http.order(userId, tag));
	}

	private static String read(String file) {
		try {
			return Files.readString(RunningSystem.configuration(file));
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static void save(String file, String content) {
		save(file, content, StandardCharsets.UTF_8);
	}

	private static void save(String file, @Nullable String content, Charset charset) {
		try {
			if (content != null) {
				Files.writeString(RunningSystem.configuration(file), content, charset);
			}
			else {
				Files.delete(RunningSystem.configuration(file));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What a file held when the test began. */
	private String content(String file) {
		return Objects.requireNonNull(contents.get(file));
	}

	private String without(String file, String line) {
		return content(file).replaceFirst("(?m)^ *" + line + "\n", "");
	}

	/**
	 * Starts the config server.
	 * @return when it was healthy
	 */
	private static Instant startConfigServer() {
		CompletableFuture<?> started = CompletableFuture.runAsync(() -> RunningSystem.system().start("config-server"));
		URI address = RunningSystem.system().address("config-server");
		await().atMost(LONGEST_START).pollInterval(Duration.ofMillis(10)).until(() -> isHealthy(address));
		Instant healthy = Instant.now();
		started.join();
		return healthy;
	}

	private static boolean isHealthy(URI address) {
		try {
			return Http.get(address, "/actuator/health/readiness").statusCode() == 200;
		}
		catch (UncheckedIOException ex) {
			return false;
		}
	}

	// ------------------------------------------------------------------ what is seen

	private static Overview overview() {
		return RunningSystem.configServer().overview();
	}

	private static boolean allRun(@Nullable String revision, ConfigServer server) {
		return server.overview()
			.instances()
			.stream()
			.allMatch((instance) -> Objects.equals(instance.revision(), revision));
	}

	private static List<String> instances() {
		return List.of("user-service-1", "user-service-2", "order-service-1", "order-service-2");
	}

	/** Waits until every running instance runs what the files say. */
	private static Overview awaitConverged() {
		Overview[] seen = new Overview[1];
		converging().until(() -> {
			Overview now = overview();
			seen[0] = now;
			return isConverged(now);
		});
		return seen[0];
	}

	private static boolean isConverged(Overview overview) {
		List<String> expected = RunningSystem.system()
			.instances()
			.stream()
			.filter((instance) -> instance.process() != null
					&& Set.of("user-service", "order-service", "gateway").contains(instance.component()))
			.map(com.example.launcher.Instance::name)
			.toList();
		return overview.gray() == null && overview.drift().isEmpty()
				&& Objects.equals(overview.current(), overview.head())
				&& overview.instances().stream().map(Instance::instance).toList().containsAll(expected)
				&& overview.instances()
					.stream()
					.allMatch((instance) -> Objects.equals(instance.revision(), overview.head())
							&& instance.refused() == null);
	}

	private static Overview awaitOn(@Nullable String before) {
		Overview[] seen = new Overview[1];
		converging().pollInterval(Duration.ofMillis(200)).until(() -> {
			Overview now = overview();
			seen[0] = now;
			return !Objects.equals(now.head(), before) && isConverged(now);
		});
		return seen[0];
	}

	private static List<Problem> awaitRefusal(@Nullable String before, String service, String description) {
		List<Problem> problems = new ArrayList<>();
		converging().alias(description).until(() -> {
			Revision newest = RunningSystem.configServer().history(1).revisions().get(0);
			if (newest.id().equals(before)) {
				return false;
			}
			if (newest.state().equals("REFUSED")) {
				problems.addAll(newest.problems());
				return true;
			}
			List<Instance> concerned = overview().instances()
				.stream()
				.filter((instance) -> instance.service().startsWith(service))
				.toList();
			if (concerned.stream().allMatch((instance) -> refuses(instance, newest.id()))) {
				problems.addAll(Objects.requireNonNull(concerned.get(0).refused()).problems());
				return true;
			}
			return false;
		});
		return problems;
	}

	private static boolean refuses(Instance instance, String revision) {
		Refused refused = instance.refused();
		return refused != null && refused.revision().equals(revision);
	}

	private static ConditionFactory converging() {
		return await().atMost(Duration.ofSeconds(30))
			.pollInterval(Duration.ofMillis(50))
			.ignoreException(LocalSystemException.class);
	}

	private static Event event(String kind) {
		return overview().events().stream().filter((event) -> event.kind().equals(kind)).findFirst().orElseThrow();
	}

	private static long requestsToGray() {
		return Optional.ofNullable(overview().gray())
			.map(GrayRelease::comparison)
			.map(Comparison::gray)
			.map(Side::requests)
			.orElse(0L);
	}

	private boolean takesOrders(String instance) {
		return Http.postJson(RunningSystem.system().address(instance), "/api/orders", Http.orderJson(userId))
			.statusCode() == 201;
	}

	private static Stream<String> orderServices() {
		return RunningSystem.system()
			.instances()
			.stream()
			.filter((instance) -> instance.component().equals("order-service") && instance.process() != null)
			.map((instance) -> instance.name());
	}

	private static long withMaxLines(int number) {
		return orderServices().filter((name) -> limits(name).contains("\"maxLines\":" + number)).count();
	}

	/** What every instance says of what it obeys. */
	private static Map<String, String> answers() {
		Map<String, String> answers = new TreeMap<>();
		ORDER_SERVICES.forEach((instance) -> answers.put(instance, limits(instance)));
		USER_SERVICES.forEach((instance) -> answers.put(instance, greeting(instance)));
		return answers;
	}

	private static String limits(String instance) {
		return Http.get(RunningSystem.system().address(instance), "/api/orders/limits").body();
	}

	private static String greeting(String instance) {
		return Http.get(RunningSystem.system().address(instance), "/api/users/greeting").body();
	}

	private static String configurationHealth(String instance) {
		return Http.get(RunningSystem.actuator(instance), "/actuator/health/configuration").body();
	}

	/** The revisions that an instance has put into effect, by its log. */
	private static List<String> appliedBy(String instance) {
		Matcher matcher = Pattern.compile("Configuration revision (\\w+) is in effect")
			.matcher(Repository.read(RunningSystem.system().log(instance)));
		return matcher.results().map((result) -> result.group(1)).toList();
	}

	/** The time until the last of the instances ran what it runs now. */
	private static long latest(Instant from, List<Instance> instances) {
		return instances.stream().mapToLong((instance) -> millis(from, instance.since())).max().orElseThrow();
	}

	private static long millis(@Nullable Instant from, @Nullable Instant to) {
		return Duration.between(Objects.requireNonNull(from), Objects.requireNonNull(to)).toMillis();
	}

	private static long percentile(List<Long> millis, int percent) {
		List<Long> sorted = millis.stream().sorted(Comparator.naturalOrder()).toList();
		return sorted.get((int) Math.ceil(sorted.size() * percent / 100.0) - 1);
	}

	private static int sum(Map<Kind, Integer> counts) {
		return counts.values().stream().mapToInt(Integer::intValue).sum();
	}

	private static void awaitAnswers(SteadyLoad load, int more) {
		int until = load.answered() + more;
		await().atMost(Duration.ofMinutes(2)).until(() -> load.answered() >= until);
	}

}
