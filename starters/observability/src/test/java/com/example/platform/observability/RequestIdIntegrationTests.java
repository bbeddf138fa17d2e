package com.example.platform.observability;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.application.name=observed", "spring.main.web-application-type=servlet",
				"spring.cloud.consul.discovery.instance-id=observed-1", "logging.structured.format.console=ecs" })
@ExtendWith(OutputCaptureExtension.class)
class RequestIdIntegrationTests {

	private final HttpClient http = HttpClient.newHttpClient();

	private final int port;

	RequestIdIntegrationTests(@LocalServerPort int port) {
		this.port = port;
	}

	@Test
	void theIdOfTheCallerIsSeenInsideStandsInTheLogAndComesBack(CapturedOutput output) throws Exception {
		HttpResponse<String> response = get("abc-123");
		assertThat(response.body()).isEqualTo("abc-123");
		assertThat(response.headers().allValues("X-Request-Id")).containsExactly("abc-123");
		assertThat(response.headers().firstValue("X-Instance-Id")).hasValue("observed-1");
		String line = logLine(output);
		assertThat(line).startsWith("{").endsWith("}").contains("abc-123").contains("traceId").contains("spanId");
	}

	@Test
	void anIdThatIsNotFitForLogsIsReplacedEverywhere(CapturedOutput output) throws Exception {
		HttpResponse<String> response = get("{\"forged\":true}");
		assertThat(response.body()).hasSize(36).isEqualTo(response.headers().firstValue("X-Request-Id").orElseThrow());
		assertThat(logLine(output)).contains(response.body()).doesNotContain("forged");
	}

	private HttpResponse<String> get(String requestId) throws Exception {
		return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/seen"))
			.header("x-request-id", requestId)
			.build(), BodyHandlers.ofString());
	}

	private static String logLine(CapturedOutput output) {
		return output.getOut()
			.lines()
			.filter((line) -> line.contains("a request was seen"))
			.reduce((first, second) -> second)
			.orElseThrow();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Application {

		private static final Log log = LogFactory.getLog(Application.class);

		@GetMapping("/seen")
		String seen(@RequestHeader("X-Request-Id") String requestId) {
			log.info("a request was seen");
			return requestId;
		}

	}

}
