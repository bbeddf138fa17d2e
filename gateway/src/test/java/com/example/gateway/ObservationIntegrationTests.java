package com.example.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import com.example.platform.test.WithConsul;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestConstructor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is seen of the gateway from outside: its log and its metrics.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.cloud.config.enabled=false", "management.server.port=0",
				"spring.cloud.gateway.server.webflux.httpclient.response-timeout=500ms",
				"logging.level.org.springframework.cloud.gateway=debug" })
@WithConsul
@ExtendWith(OutputCaptureExtension.class)
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class ObservationIntegrationTests {

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final RawBackend service = new RawBackend();

	private final int port;

	private final GatewayClient client;

	private final GatewayClient management;

	private final CalledServices services;

	ObservationIntegrationTests(@LocalServerPort int port, @LocalManagementPort int managementPort,
			CalledServices services) throws IOException {
		this.port = port;
		this.client = new GatewayClient(port);
		this.management = new GatewayClient(managementPort);
		this.services = services;
	}

	@BeforeEach
	void register() {
		registry.register("user-service", "user-service-1", service.port(), Map.of());
		await().until(() -> raw("GET /api/users/1 HTTP/1.1").startsWith("HTTP/1.1 200"));
	}

	@AfterEach
	void deregister() throws IOException {
		registry.deregister("user-service-1");
		service.close();
	}

	@Test
	void everyLineAboutARequestHasItsIds(CapturedOutput output) throws IOException {
		// Of what was logged before, nothing comes later.
		log(output, "the first line");
		int before = output.getOut().length();
		String good = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
		service.answer((head, socket) -> RawBackend.write(socket, good));
		assertThat(logged("GET /api/users/1 HTTP/1.1")).startsWith("HTTP/1.1 200");
		assertThat(logged("GET /api/nobody HTTP/1.1")).startsWith("HTTP/1.1 404");
		assertThat(logged("GET /api/users/%2e%2e HTTP/1.1")).startsWith("HTTP/1.1 400");
		assertThat(logged("GET /api/orders/1 HTTP/1.1")).startsWith("HTTP/1.1 503");
		service.answer((head, socket) -> RawBackend.write(socket,
				"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"));
		assertThat(logged("GET /api/users/1 HTTP/1.1")).startsWith("HTTP/1.1 500");
		service.answer((head, socket) -> socket.getInputStream().readAllBytes());
		assertThat(logged("GET /api/users/1 HTTP/1.1")).startsWith("HTTP/1.1 504");
		try (Socket gone = new Socket(InetAddress.getLoopbackAddress(), port)) {
			int asked = service.heads().size() + 1;
			RawBackend.write(gone, "GET /api/users/1 HTTP/1.1\r\nHost: a\r\nX-Request-Id: logged\r\n\r\n");
			await().until(() -> service.heads().size() == asked);
		}
		await().until(() -> view().stream().mapToLong(InstanceView::inFlight).sum() == 0);
		service.answer((head, socket) -> socket.close());
		for (int i = 0; i < 3; i++) {
			assertThat(logged("GET /api/users/1 HTTP/1.1")).startsWith("HTTP/1.1 502");
		}
		log(output, "the last line");
		List<String> lines = output.getOut()
			.substring(before)
			.lines()
			.filter((line) -> line.matches(".*\\[(or-http-\\S+| *parallel-\\d+)\\] .*")
					|| line.contains("gets no calls"))
			.toList();
		assertThat(lines).hasSizeGreaterThan(20);
		assertThat(lines).filteredOn((line) -> !line.matches(".*\\[logged [0-9a-f]{32}-[0-9a-f]{16}\\].*")).isEmpty();
		assertThat(lines).anyMatch((line) -> line.contains("failed: "));
	}

	@Test
	void whatCallersInventMakesNoTimeSeries() {
		invent("warm-up");
		// They come with the next tick.
		await().until(() -> series().stream().anyMatch((name) -> name.startsWith("platform_load_balancing_picks")));
		Set<String> before = series();
		for (int i = 0; i < 100; i++) {
			invent("i" + i);
		}
		Set<String> added = series();
		added.removeAll(before);
		assertThat(added).isEmpty();
	}

	private void log(CapturedOutput output, String line) {
		LogFactory.getLog(getClass()).info(line);
		await().until(() -> output.getOut().contains(line));
	}

	private void invent(String name) {
		raw(name + " /api/users/1 HTTP/1.1");
		raw("GET /" + name + "/x HTTP/1.1");
		client.raw("GET /api/users/" + name + "?" + name + " HTTP/1.1",
				"User-Agent: " + name + "\r\nx-canary: " + name + "\r\nX-Request-Id: " + name + "\r\nOrigin: http://"
						+ name + "\r\nAccept: " + name + "/x\r\nX-Forwarded-Host: " + name + "\r\n");
		raw("GET http://" + name + "/api/users/1 HTTP/1.1");
		raw("GET /api/users/1 HTTP/" + name);
	}

	private Set<String> series() {
		return management.get("/actuator/prometheus")
			.body()
			.lines()
			.filter((line) -> !line.startsWith("#") && !line.startsWith("jvm_") && !line.contains("/actuator/"))
			.map((line) -> line.substring(0, line.indexOf(' ', line.lastIndexOf('}') + 1)))
			.collect(Collectors.toSet());
	}

	private List<InstanceView> view() {
		return services.service("user-service").view();
	}

	private String raw(String line) {
		return client.raw(line, "");
	}

	private String logged(String line) {
		return client.raw(line, "X-Request-Id: logged\r\n");
	}

}
