package com.example.platform.configrefresh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

import com.example.platform.consul.Consul;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConfigRefreshIntegrationTests {

	private final Path folder;

	ConfigRefreshIntegrationTests(@TempDir Path folder) {
		this.folder = folder;
	}

	@Test
	void anAnnouncedRevisionReachesTheLiveRecord() throws IOException {
		save("greeting.text: hello");
		try (ConfigurableApplicationContext context = run()) {
			assertThat(greeting(context)).isEqualTo("hello");
			save("greeting.text: changed");
			announce(context, "revision-2");
			await().untilAsserted(() -> assertThat(greeting(context)).isEqualTo("changed"));
		}
	}

	@Test
	void aRevisionThatCannotBeReadChangesNothingAndTheNextGoodOneCounts() throws IOException {
		save("greeting.text: hello");
		try (ConfigurableApplicationContext context = run()) {
			save("greeting: [unfinished");
			announce(context, "broken");
			save("greeting.text: repaired");
			announce(context, "repaired");
			await().untilAsserted(() -> assertThat(greeting(context)).isEqualTo("repaired"));
		}
	}

	private ConfigurableApplicationContext run() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run("--spring.config.import=file:" + folder.resolve("greeting.yml"),
				"--spring.cloud.config.enabled=false", "--spring.cloud.consul.host=127.0.0.1",
				"--spring.cloud.consul.port=" + TestServers.consul().port());
	}

	private void save(String yaml) throws IOException {
		Files.writeString(folder.resolve("greeting.yml"), yaml);
	}

	private static void announce(ConfigurableApplicationContext context, String revision) {
		context.getBean(Consul.class).put("/v1/kv/" + ConfigRefresher.REVISION_KEY, revision).join();
	}

	private static String greeting(ConfigurableApplicationContext context) {
		return context.getBean(Holder.class).greeting().get().text();
	}

	record Greeting(@DefaultValue("") String text) {
	}

	record Holder(Supplier<Greeting> greeting) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Holder holder(LiveConfiguration configuration) {
			return new Holder(configuration.bind("greeting", Greeting.class));
		}

	}

}
