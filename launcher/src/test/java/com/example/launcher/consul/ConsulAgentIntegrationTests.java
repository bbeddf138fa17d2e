package com.example.launcher.consul;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Random;

import com.example.launcher.process.FreePorts;
import com.example.launcher.process.LocalSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConsulAgentIntegrationTests {

	private final FreePorts ports = new FreePorts(new Random());

	private final Path binary = new ConsulBinary().locate((sentence) -> {
	});

	private final Path folder;

	ConsulAgentIntegrationTests(@TempDir Path folder) {
		this.folder = folder;
	}

	@Test
	void twoAgentsRunSideBySideAndKnowNothingOfEachOther() throws Exception {
		try (ConsulAgent one = start(ports.next(), "one"); ConsulAgent two = start(ports.next(), "two")) {
			send(HttpRequest.newBuilder(one.address().resolve("/v1/kv/greeting"))
				.PUT(HttpRequest.BodyPublishers.ofString("hello")));

			assertThat(send(HttpRequest.newBuilder(one.address().resolve("/v1/kv/greeting?raw")))).isEqualTo("hello");
			assertThat(send(HttpRequest.newBuilder(two.address().resolve("/v1/kv/greeting?raw")))).isEmpty();
		}
	}

	@Test
	void closingEndsTheProcess() {
		ConsulAgent agent = start(ports.next(), "consul");
		agent.close();

		assertThat(agent.process().isAlive()).isFalse();
		assertThat(ConsulAgent.answers(agent.port())).isFalse();
	}

	@Test
	void aTakenPortIsToldWithTheEndOfTheLog() {
		try (ConsulAgent first = start(ports.next(), "first")) {
			assertThatExceptionOfType(LocalSystemException.class)
				.isThrownBy(() -> start(first.port(), "second").close())
				.withMessageContaining("address already in use");
		}
	}

	private ConsulAgent start(int port, String name) {
		return ConsulAgent.start(binary, port, ports, folder.resolve(name + ".log")).awaitReady();
	}

	private static String send(HttpRequest.Builder request) throws Exception {
		return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()).body();
	}

}
