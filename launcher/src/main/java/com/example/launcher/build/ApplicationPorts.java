package com.example.launcher.build;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The ports that an application's own {@code application.yml} names, which are its ports
 * wherever it runs; 0 for those that it does not name.
 *
 * @param http main port
 * @param grpc port of the gRPC server
 * @param management port of the actuator
 */
public record ApplicationPorts(int http, int grpc, int management) {

	/**
	 * Reads the ports of a module. A file that is broken names none: the application
	 * tells what is wrong with it when it starts.
	 */
	static ApplicationPorts of(Path module) {
		Map<String, Object> values = new HashMap<>();
		try (Reader file = Files.newBufferedReader(module.resolve("src/main/resources/application.yml"))) {
			// What follows the first document counts under conditions only.
			for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(file)) {
				flatten("", document, values);
				break;
			}
		}
		catch (IOException | YAMLException ex) {
			values.clear();
		}
		return new ApplicationPorts(port(values.get("server.port")), port(values.get("spring.grpc.server.port")),
				port(values.get("management.server.port")));
	}

	private static void flatten(String prefix, Object node, Map<String, Object> values) {
		if (node instanceof Map<?, ?> map) {
			map.forEach((key, value) -> flatten(prefix.isEmpty() ? "" + key : prefix + "." + key, value, values));
		}
		else {
			values.put(prefix, node);
		}
	}

	private static int port(@Nullable Object value) {
		String port = String.valueOf(value);
		return port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0;
	}

}
