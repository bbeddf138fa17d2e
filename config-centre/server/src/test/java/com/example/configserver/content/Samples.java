package com.example.configserver.content;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Files and keys for the tests.
 */
final class Samples {

	private Samples() {
	}

	/**
	 * Files by name: a name and a content in turn.
	 */
	static SortedMap<String, byte[]> files(String... namesAndContents) {
		SortedMap<String, byte[]> files = new TreeMap<>();
		for (int i = 0; i < namesAndContents.length; i += 2) {
			files.put(namesAndContents[i], namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
		}
		return files;
	}

	static Configuration configuration(String... namesAndContents) {
		return Configuration.parse(files(namesAndContents));
	}

	static List<Problem> problems(SortedMap<String, byte[]> files, @Nullable Configuration released, KeyCatalogue keys,
			Secrets secrets) {
		try {
			return ConfigurationCheck.check(Configuration.parse(files), released, keys, secrets);
		}
		catch (RefusedException ex) {
			return ex.problems();
		}
	}

	static ConfigKey key(String name, String type) {
		return new ConfigKey(name, type, null, true, null);
	}

	static KeyCatalogue catalogue() {
		return KeyCatalogue.of(List.of(key("platform.sample.timeout", "java.time.Duration"),
				key("platform.sample.max-size", "org.springframework.util.unit.DataSize"),
				key("platform.sample.enabled", "java.lang.Boolean"), key("platform.sample.lines", "java.lang.Integer"),
				key("platform.sample.ratio", "java.lang.Double"),
				key("platform.sample.charset", "java.nio.charset.Charset"),
				key("platform.sample.pauses", "java.util.List<java.time.Duration>"),
				key("platform.sample.labels", "java.util.Map<java.lang.String,java.lang.String>"),
				key("platform.sample.weights", "java.util.Map<java.lang.String,java.lang.Integer>"),
				key("platform.sample.mode", "com.example.Unknown"),
				key("platform.sample.rules", "java.util.List<com.example.Rule>"),
				key("platform.sample.services", "java.util.Map<java.lang.String,com.example.Service>"),
				key("platform.sample.services.*.policy", "java.lang.String"),
				key("platform.sample.services.*.deadline", "java.time.Duration"),
				key("deli.greeting", "java.lang.String"), key("deli.open", "java.lang.Boolean"),
				key("deli.names", "java.util.List<java.lang.String>"), key("deli.limits.most", "java.lang.Integer")),
				List.of("deli"));
	}

}
