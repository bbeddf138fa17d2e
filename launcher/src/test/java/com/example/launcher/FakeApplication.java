package com.example.launcher;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Stands for an application of the system: it unpacks itself, exits after a training run,
 * serves its health and its environment, and registers in Consul. The environment
 * variable {@code FAKE_BEHAVIOUR} makes one of them misbehave, and so does what its jar
 * holds.
 */
final class FakeApplication {

	private final String name;

	private final Map<String, String> environment = System.getenv();

	private FakeApplication(String name) {
		this.name = name;
	}

	public static void main(String... arguments) throws Exception {
		// Behind its libraries.
		Path jar = Path.of(System.getProperty("java.class.path").replaceFirst(".*" + File.pathSeparator, ""))
			.toAbsolutePath();
		if ("tools".equals(System.getProperty("jarmode"))) {
			Path destination = Path.of(arguments[arguments.length - 1]);
			Files.copy(jar, destination.resolve(jar.getFileName()));
			Files.createDirectory(destination.resolve("lib"));
			return;
		}
		if ("onRefresh".equals(System.getProperty("spring.context.exit"))) {
			return;
		}
		new FakeApplication(jar.getFileName().toString().replace(".jar", "")).run();
	}

	private void run() throws Exception {
		String misbehaving = environment.getOrDefault("FAKE_BEHAVIOUR", "");
		if (misbehaving.equals("die " + name) || FakeApplication.class.getResource("/broken") != null) {
			System.out.println("java.lang.IllegalStateException: outer");
			System.out.println("Caused by: java.lang.IllegalStateException: the greeting is missing");
			System.exit(1);
		}
		// As Tomcat does, which deletes it only when it stops in order.
		Path temporary = Files.createTempDirectory("fake");
		Runtime.getRuntime().addShutdownHook(new Thread(() -> temporary.toFile().delete()));
		boolean ready = !misbehaving.equals("never ready " + name);
		HttpServer server = listen("SERVER_PORT", ready);
		if (environment.containsKey("MANAGEMENT_SERVER_PORT")) {
			listen("MANAGEMENT_SERVER_PORT", ready);
		}
		String id = environment.getOrDefault("SPRING_CLOUD_CONSUL_DISCOVERY_INSTANCEID", name);
		consul("register",
				"{\"Name\":\"%s\",\"ID\":\"%s\",\"Port\":%d}".formatted(name, id, server.getAddress().getPort()));
		Runtime.getRuntime().addShutdownHook(new Thread(() -> consul("deregister/" + id, "")));
		System.out.println(id + " has started");
	}

	private HttpServer listen(String port, boolean ready) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(),
				Integer.parseInt(environment.getOrDefault(port, "0"))), 0);
		server.createContext("/", (exchange) -> {
			boolean health = exchange.getRequestURI().getPath().equals("/actuator/health/readiness");
			byte[] body = (health ? "{\"status\":\"UP\"}" : environmentAsText()).getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders((ready || !health) ? 200 : 503, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		server.createContext("/config/", this::answerFromFolder);
		server.start();
		return server;
	}

	/**
	 * The config server's answers are files in its folder; one of that name is an error.
	 */
	private void answerFromFolder(HttpExchange exchange) throws IOException {
		Path folder = Path.of(environment.getOrDefault("PLATFORM_CONFIG_SERVER_DIRECTORY", ""));
		Path error = folder.resolve("error.json");
		Path answer = folder.resolve(exchange.getRequestURI().getPath().substring("/config/".length()) + ".json");
		byte[] body = Files.exists(error) ? Files.readAllBytes(error)
				: Files.exists(answer) ? Files.readAllBytes(answer) : "{}".getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(Files.exists(error) ? 409 : 200, body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	private String environmentAsText() {
		return environment.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "=" + entry.getValue())
			.sorted()
			.collect(Collectors.joining("\n"));
	}

	private void consul(String operation, String body) {
		URI address = URI.create(
				"http://127.0.0.1:" + environment.get("SPRING_CLOUD_CONSUL_PORT") + "/v1/agent/service/" + operation);
		try {
			// Half of what an HttpClient costs a JVM that makes two requests.
			HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
			connection.setRequestMethod("PUT");
			connection.setDoOutput(true);
			connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
			connection.getResponseCode();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
