package com.example.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * IDEs start what there is: they know each application's module and main class, and the
 * port at which {@code ./dev restart --debug} lets a debugger in.
 */
class RunConfigurationsTests {

	private static final int DEBUGGER = 5005;

	private static final Pattern MODULE = Pattern.compile("<module name=\"([^\"]*)\"");

	@Test
	void intellijKnowsEveryMainClass() throws IOException {
		Map<String, String> found = new TreeMap<>();
		try (Stream<Path> files = Files.list(Repository.path(".run"))) {
			files.map(Repository::read)
				.forEach((file) -> MODULE.matcher(file)
					.results()
					.forEach((module) -> found.put(module.group(1), option(file, "MAIN_CLASS_NAME"))));
		}
		assertThat(found).isEqualTo(mainClasses());
		assertThat(option(Repository.read(Repository.path(".run/debug.run.xml")), "PORT"))
			.isEqualTo(String.valueOf(DEBUGGER));
	}

	@Test
	void visualStudioCodeKnowsEveryMainClass() {
		Map<String, String> found = new TreeMap<>();
		objects(".vscode/launch.json", "configurations").forEach((configuration) -> {
			if (configuration.has("port")) {
				assertThat(configuration.get("port").getAsInt()).isEqualTo(DEBUGGER);
			}
			else {
				found.put(configuration.get("projectName").getAsString(), configuration.get("mainClass").getAsString());
			}
		});
		assertThat(found).isEqualTo(mainClasses());
		assertThat(objects(".vscode/tasks.json", "tasks").map((task) -> task.get("command").getAsString()))
			.allMatch((command) -> command.startsWith("./dev "));
	}

	private static Map<String, String> mainClasses() {
		try {
			return NamesAndPortsTests.applications()
				.collect(Collectors.toMap(NamesAndPortsTests::name, RunConfigurationsTests::mainClass));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String mainClass(String folder) {
		Path sources = Repository.path(folder).resolve("src/main/java");
		try (Stream<Path> files = Files.walk(sources)) {
			Path file = files.filter((path) -> path.toString().endsWith("Application.java")).findFirst().orElseThrow();
			return sources.relativize(file).toString().replaceAll("[/\\\\]", ".").replace(".java", "");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String option(String file, String name) {
		Matcher option = Pattern.compile("<option name=\"%s\" value=\"([^\"]*)\"".formatted(name)).matcher(file);
		assertThat(option.find()).as(name).isTrue();
		return option.group(1);
	}

	private static Stream<JsonObject> objects(String file, String array) {
		return JsonParser.parseString(Repository.read(Repository.path(file)))
			.getAsJsonObject()
			.getAsJsonArray(array)
			.asList()
			.stream()
			.map(JsonElement::getAsJsonObject);
	}

}
