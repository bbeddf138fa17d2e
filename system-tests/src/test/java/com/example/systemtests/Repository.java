package com.example.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.example.launcher.scaffold.Modules;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The files of this repository.
 */
final class Repository {

	static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private Repository() {
	}

	static Path path(String relative) {
		return ROOT.resolve(relative);
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Lists all pages, by their path from the root.
	 */
	static List<String> pages() {
		try (Stream<Path> files = Files.walk(ROOT)) {
			return files.map((file) -> ROOT.relativize(file).toString().replace('\\', '/'))
				.filter((file) -> file.endsWith(".md") && !file.matches("(.*/)?(target|\\.dev)/.*"))
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Modules modules() {
		return Modules.of((file) -> read(path(file)));
	}

	/**
	 * Lists the YAML files in and below a folder.
	 */
	static List<Path> yamlFiles(String folder) {
		Predicate<Path> yaml = (file) -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml");
		try (Stream<Path> files = Files.walk(path(folder))) {
			return files.filter(yaml).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Parses a file of one YAML document.
	 */
	static Map<String, Object> yaml(String file) {
		return yamlDocuments(read(path(file))).get(0);
	}

	/**
	 * Parses YAML. A key that occurs twice is an error.
	 */
	static List<Map<String, Object>> yamlDocuments(String text) {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		Iterable<Object> documents = new Yaml(new SafeConstructor(options)).loadAll(text);
		return StreamSupport.stream(documents.spliterator(), false)
			.filter(Objects::nonNull)
			.map(Repository::map)
			.toList();
	}

	/**
	 * Follows keys into nested maps.
	 * @throws IllegalArgumentException if there is nothing
	 */
	static Object get(Map<String, Object> map, String... keys) {
		Object value = map;
		for (String key : keys) {
			Object next = map(value).get(key);
			if (next == null) {
				throw new IllegalArgumentException("No '" + String.join(".", keys) + "' in " + map);
			}
			value = next;
		}
		return value;
	}

	@SuppressWarnings("unchecked")
	static Map<String, Object> map(Object value) {
		return (Map<String, Object>) value;
	}

	static List<?> list(Object value) {
		return (List<?>) value;
	}

}
