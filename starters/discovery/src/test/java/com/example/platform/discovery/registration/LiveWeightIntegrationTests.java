package com.example.platform.discovery.registration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.configrefresh.ConfigRefresher;
import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class LiveWeightIntegrationTests {

	private final Path file;

	LiveWeightIntegrationTests(@TempDir Path folder) {
		this.file = folder.resolve("live.yml");
	}

	@Test
	void aWeightThatIsSavedReachesTheCallersAndABadOneChangesNothing(CapturedOutput output) throws IOException {
		save("1");
		try (ConsulAgent agent = TestServers.newConsul();
				ConfigurableApplicationContext context = InstanceRegistrationIntegrationTests.run(agent.port(), "live",
						"--spring.config.import=file:" + file);
				Consul consul = new Consul(agent.address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1))) {
			await().until(() -> weights(directory).equals(List.of(1)));
			save("7");
			announce(consul, "heavier");
			await().until(() -> weights(directory).equals(List.of(7)));
			save("many");
			announce(consul, "bad");
			await().until(() -> output.getAll().contains("The weight stays as it was"));
			save("9");
			announce(consul, "good");
			await().until(() -> weights(directory).equals(List.of(9)));
			assertThat(context.isRunning()).isTrue();
			assertThat(output.getAll()).doesNotContain("Rebinder");
		}
	}

	private void save(String weight) throws IOException {
		Files.writeString(file, "platform.discovery.weight: " + weight);
	}

	private static void announce(Consul consul, String revision) {
		consul.put("/v1/kv/" + ConfigRefresher.REVISION_KEY, revision).join();
	}

	private static List<Integer> weights(ServiceDirectory directory) {
		return directory.instances("live").join().stream().map(ServiceEndpoint::weight).toList();
	}

}
