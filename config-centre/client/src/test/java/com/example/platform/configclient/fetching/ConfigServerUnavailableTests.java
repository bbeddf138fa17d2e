package com.example.platform.configclient.fetching;

import java.nio.file.Path;

import com.example.platform.test.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class ConfigServerUnavailableTests {

	@Test
	void aStartWithoutTheConfigServerFailsAndSaysWhatToDo(CapturedOutput output, @TempDir Path folder) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		String uri = "http://127.0.0.1:" + TestServers.freePort();
		assertThatThrownBy(() -> application.run("--spring.config.import=optional:configserver:",
				"--spring.cloud.config.uri=" + uri, "--platform.config-client.snapshots=" + folder,
				"--platform.config-client.start-timeout=1ms", "--spring.cloud.consul.enabled=false"))
			.isInstanceOf(RuntimeException.class);
		assertThat(output.getAll()).contains("APPLICATION FAILED TO START")
			.contains("No config server gave the configuration: " + uri)
			.contains("./dev up")
			.contains("SPRING_CLOUD_CONFIG_URI");
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

}
