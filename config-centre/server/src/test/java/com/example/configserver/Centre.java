package com.example.configserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.example.configclient.ClientApplication;
import com.example.configclient.ClientApplication.Greeting;
import com.example.launcher.configserver.ConfigServer;
import com.example.launcher.consul.ConsulAgent;
import com.example.platform.configclient.ConfigRefresher;
import com.example.platform.configclient.reporting.ReloadStatus;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.ServiceKeys;
import com.example.platform.configprotocol.Problem;
import com.example.platform.configprotocol.api.Overview.Instance;
import com.example.platform.configprotocol.api.Revision;
import com.example.platform.test.TestServers;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A config server on a folder, an empty Consul, and services that take their
 * configuration from there, all in this JVM.
 */
final class Centre implements AutoCloseable {

	// Who has nothing to hand over leaves at once.
	private static final String NO_DRAIN = "--platform.discovery.drain-delay=0ms";

	private final Path root;

	private final int serverPort = TestServers.freePort();

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	private final boolean ownConsul;

	private ConsulAgent consul;

	private Centre(Path root, ConsulAgent consul, boolean ownConsul) {
		this.root = root;
		this.consul = consul;
		this.ownConsul = ownConsul;
	}

	/** One with the Consul agent of this JVM, of which it takes away what others left. */
	static Centre in(Path root) {
		Centre centre = new Centre(root, TestServers.consul(), false);
		RestClient.create(centre.consul.address().toString())
			.delete()
			.uri("/v1/kv/?recurse=true")
			.retrieve()
			.toBodilessEntity();
		return centre;
	}

	/** One with a Consul agent of its own, which may be stopped. */
	static Centre withConsul(Path root) {
		return new Centre(root, TestServers.newConsul(), true);
	}

	/** One whose folder has what the service deli says at first. */
	static Centre ofDeli(Path root) {
		Centre centre = in(root);
		centre.save("application.yml", "logging.level.com.example.sample: info\n");
		centre.save("deli.yml", "greeting:\n  text: hello\n");
		return centre;
	}

	/** Starts a config server on the folder. */
	ConfigurableApplicationContext startServer(String... more) {
		List<String> arguments = new ArrayList<>(
				List.of("--platform.config-server.history=" + root.resolve("history.git")));
		arguments.addAll(Arrays.asList(more));
		return startServer(serverPort, arguments.toArray(String[]::new));
	}

	ConfigurableApplicationContext startServer(int port, String... more) {
		List<String> arguments = new ArrayList<>(Arrays.asList("--server.port=" + port, "--server.address=127.0.0.1",
				"--platform.config-server.directory=" + folder(),
				"--spring.cloud.consul.discovery.instance-id=config-server-" + port,
				"--spring.cloud.consul.host=127.0.0.1", "--spring.cloud.consul.port=" + consul.port(),
				"--spring.main.banner-mode=off", NO_DRAIN));
		arguments.addAll(Arrays.asList(more));
		return remember(SpringApplication.run(ConfigServerApplication.class, arguments.toArray(String[]::new)));
	}

	/** Starts an instance of a service. */
	ConfigurableApplicationContext startClient(String service, int number, String... more) {
		// The server's file and library are on this class path too.
		List<String> arguments = new ArrayList<>(
				Arrays.asList("--spring.config.name=client", "--spring.cloud.config.enabled=true",
						"--spring.config.import=optional:configserver:", "--spring.application.name=" + service,
						"--server.port=0", "--server.address=127.0.0.1", "--spring.main.banner-mode=off",
						"--spring.cloud.consul.discovery.instance-id=" + service + "-" + number,
						"--spring.cloud.consul.host=127.0.0.1", "--spring.cloud.consul.port=" + consul.port(), NO_DRAIN,
						"--spring.cloud.config.uri=" + address(), "--platform.config-client.snapshots=" + snapshots()));
		arguments.addAll(Arrays.asList(more));
		return remember(SpringApplication.run(ClientApplication.class, arguments.toArray(String[]::new)));
	}

	/** Starts two instances of a service, of which the config server knows then. */
	List<ConfigurableApplicationContext> startTwo(String service) {
		List<ConfigurableApplicationContext> started = List.of(startClient(service, 1), startClient(service, 2));
		await().until(() -> api().overview().instances().size() == 2);
		return started;
	}

	private ConfigurableApplicationContext remember(ConfigurableApplicationContext context) {
		contexts.add(context);
		return context;
	}

	/** The configuration centre's API, as ./dev config uses it. */
	ConfigServer api() {
		return new ConfigServer(address(), null);
	}

	URI address() {
		return URI.create("http://127.0.0.1:" + serverPort);
	}

	RestClient http() {
		return RestClient.create(address().toString());
	}

	/** Stops its own Consul and starts an empty one in its place. */
	void replaceConsul() {
		consul.close();
		consul = TestServers.newConsul(consul.port());
	}

	ConsulAgent consul() {
		return consul;
	}

	/** Says what a service says at its start of a key that it obeys. */
	void tellKeys(String service, String key) {
		ServiceKeys keys = new ServiceKeys(List.of(new ConfigKey(key, "java.lang.Boolean", null, true, null)),
				List.of(), List.of());
		RestClient.create(consul.address().toString())
			.put()
			.uri("/v1/kv/" + InstanceReport.KEYS_FOLDER + service)
			.body(JsonMapper.shared().writeValueAsString(keys))
			.retrieve()
			.toBodilessEntity();
	}

	Path folder() {
		return root.resolve("config-repo");
	}

	Path snapshots() {
		return root.resolve("snapshots");
	}

	void save(String file, String content) {
		try {
			Files.createDirectories(folder());
			Files.writeString(folder().resolve(file), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Greeting greeting(ConfigurableApplicationContext client) {
		@SuppressWarnings("unchecked")
		Supplier<Greeting> greeting = (Supplier<Greeting>) client
			.getBeanProvider(ResolvableType.forClassWithGenerics(Supplier.class, Greeting.class))
			.getObject();
		return greeting.get();
	}

	static ReloadStatus status(ConfigurableApplicationContext client) {
		return client.getBean(ConfigRefresher.class).status();
	}

	static RestClient http(ConfigurableApplicationContext context) {
		return RestClient
			.create("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
	}

	/**
	 * Waits until the newest revision is refused, for a reason that contains the text.
	 */
	void awaitRefusal(String text) {
		await().untilAsserted(() -> {
			Revision newest = api().history(1).revisions().get(0);
			assertThat(newest.state()).isEqualTo("REFUSED");
			assertThat(newest.problems()).extracting(Centre::text)
				.anySatisfy((problem) -> assertThat(problem).contains(text));
		});
	}

	static String text(Problem problem) {
		return problem.file() + ":" + problem.line() + " " + problem.key() + ": " + problem.reason();
	}

	/** What is known of an instance. */
	Instance instance(String name) {
		return api().overview()
			.instances()
			.stream()
			.filter((instance) -> instance.instance().equals(name))
			.findFirst()
			.orElseThrow();
	}

	static boolean refused(ConfigurableApplicationContext deli) {
		return status(deli).report().refused() != null;
	}

	static String content(Path file) {
		try {
			return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Everything that was written below the root. */
	List<Path> files() throws IOException {
		try (Stream<Path> files = Files.walk(root)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

	@Override
	public void close() {
		for (int i = contexts.size() - 1; i >= 0; i--) {
			contexts.get(i).close();
		}
		if (ownConsul) {
			consul.close();
		}
	}

}
