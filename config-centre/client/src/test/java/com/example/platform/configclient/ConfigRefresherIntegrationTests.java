package com.example.platform.configclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.platform.configclient.ConfigRefresher.Instance;
import com.example.platform.configclient.checking.Checking;
import com.example.platform.configclient.checking.ConfigKeys;
import com.example.platform.configclient.checking.References;
import com.example.platform.configclient.checking.RevisionCheck;
import com.example.platform.configclient.fetching.ConfigServers;
import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configclient.revision.RevisionContent.Property;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.configclient.revision.Snapshots;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.example.platform.configprotocol.Release;
import com.example.platform.consul.Consul;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.test.TestServers;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.cloud.config.client.ConfigClientProperties;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConfigRefresherIntegrationTests {

	private static final String ANSWER = """
			{"name": "deli", "profiles": ["default"], "version": "new",
			 "propertySources": [{"name": "deli.yml", "source": {"greeting": {"value": "new", "origin": "deli.yml:1"}}}]}
			""";

	private final StandardEnvironment environment = new StandardEnvironment();

	private final RevisionPropertySource source = new RevisionPropertySource("deli", "default",
			new RevisionContent("old", Map.of("greeting", new Property("old", "deli.yml:1", false))), Source.SERVER);

	@Test
	void anErrorThatNobodyHasForeseenIsToldAndTheRevisionTriedAgain(@TempDir Path folder) throws IOException {
		environment.getPropertySources().addLast(source);
		LiveConfiguration live = new LiveConfiguration(environment, null);
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", (exchange) -> {
			byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		server.start();
		ConfigClientProperties client = new ConfigClientProperties(new MockEnvironment());
		client.setUri(new String[] { "http://127.0.0.1:" + server.getAddress().getPort() });
		AtomicInteger errors = new AtomicInteger(4);
		try (Consul consul = new Consul(TestServers.consul().address(), null)) {
			ConfigRefresher refresher = new ConfigRefresher(new Instance("deli", "default", "deli-1"), consul,
					new ConfigServers(client, null, new Random(1)), source, live, () -> {
						if (errors.getAndDecrement() > 0) {
							throw new NoClassDefFoundError("replaced while it runs");
						}
						ConfigKeys keys = new ConfigKeys(List.of(), live.records(), List.of());
						return new Checking(keys, new References(environment),
								new RevisionCheck(environment, live, List.of(), keys, null, List.of()));
					}, new Snapshots(folder, "deli", "default"), (keys) -> {
					}, Clock.systemUTC());
			consul.kv().put(Release.KEY, "{\"revision\": \"new\"}").join();
			refresher.start();
			await().until(() -> refresher.status().failure() != null);
			await().until(() -> refresher.status().report().revision().equals("new"));
			assertThat(refresher.status().failure()).isNull();
			assertThat(environment.getProperty("greeting")).isEqualTo("new");
			refresher.stop();
			consul.kv().delete(Release.KEY).join();
		}
		finally {
			server.stop(0);
		}
	}

}
