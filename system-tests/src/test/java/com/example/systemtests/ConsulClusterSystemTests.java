package com.example.systemtests;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;

import com.example.launcher.Instance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Proves what callers notice when servers of a Consul cluster die: nothing. The system
 * has a cluster with {@code -Dconsul.servers=3}.
 */
@EnabledIfSystemProperty(named = "consul.servers", matches = "3")
class ConsulClusterSystemTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final long userId = Http.createUser();

	@Test
	void serversDieUnderLoadAndNoRequestFails() {
		try (SteadyLoad reads = SteadyLoad.of(25, Set.of(200), () -> Http.user(userId));
				SteadyLoad orders = SteadyLoad.of(10, Http.PLACED, (tag) -> Http.order(userId, tag))) {
			await().until(() -> orders.answered() > 30);

			// Without its leader the cluster elects another one, and an instance that
			// comes back is found again.
			String leader = leader();
			RunningSystem.system().kill(leader);
			RunningSystem.system().kill("user-service-2");
			long killed = System.nanoTime();
			RunningSystem.system().start("user-service-2");
			long back = System.nanoTime() - killed;

			// Without a majority nothing is stored, and what was known goes on.
			String second = leader();
			RunningSystem.system().kill(second);
			int until = orders.answered() + 100;
			await().atMost(PATIENCE).until(() -> orders.answered() > until);
			assertThat(body("/v1/status/leader")).doesNotContain(":");

			RunningSystem.system().start(leader);
			RunningSystem.system().start(second);
			await().atMost(PATIENCE).until(() -> alive().count() == 3 && body("/v1/status/leader").contains(":"));

			// The machine's own agent: what is registered there is listed again at once.
			RunningSystem.system().kill("consul");
			RunningSystem.system().start("consul");
			RunningSystem.system().stop("user-service-2");
			RunningSystem.system().start("user-service-2");
			SteadyLoad.Result read = reads.finish();
			SteadyLoad.Result ordered = orders.finish();
			System.out.printf(
					"Consul of three servers, the leader killed, then the next one: reads %s; orders %s; an instance was listed again after %d ms%n",
					read, ordered, Duration.ofNanos(back).toMillis());
			assertThat(read.failures()).isEmpty();
			assertThat(ordered.failures()).isEmpty();
		}
	}

	private static String leader() {
		await().atMost(PATIENCE).until(() -> body("/v1/status/leader").contains(":"));
		String address = body("/v1/status/leader").replace("\"", "").strip();
		int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
		return RunningSystem.system()
			.instances()
			.stream()
			.filter((instance) -> instance.grpcPort() == port)
			.map(Instance::name)
			.findFirst()
			.orElseThrow();
	}

	private static Stream<JsonNode> alive() {
		// 1 is alive.
		return Http.json(Http.get(RunningSystem.system().consul(), "/v1/agent/members"))
			.valueStream()
			.filter((member) -> member.at("/Tags/role").asString("").equals("consul"))
			.filter((member) -> member.at("/Status").asInt() == 1);
	}

	private static String body(String path) {
		return Http.get(RunningSystem.system().consul(), path).body();
	}

}
