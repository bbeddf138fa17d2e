package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.example.systemtests.Modules.Module;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The picture of the modules in {@code docs/map.md} is that of the build. With
 * {@code -Dmap.write=true} it is drawn anew.
 */
class CodeMapTests {

	private static final Path MAP = Repository.path("docs/map.md");

	private static final String BEGIN = "```mermaid\n";

	private static final String END = "```\n";

	@Test
	void thePictureIsThatOfTheBuild() throws IOException {
		String page = Repository.read(MAP);
		int begin = page.indexOf(BEGIN) + BEGIN.length();
		int end = page.indexOf(END, begin);
		String drawn = drawing(Modules.of(Repository.ROOT));
		if (Boolean.getBoolean("map.write")) {
			Files.writeString(MAP, page.substring(0, begin) + drawn + page.substring(end));
		}
		else {
			assertThat(page.substring(begin, end)).isEqualTo(drawn);
		}
	}

	// An arrow from a module to each that it needs, but for those that another one
	// brings along.
	private static String drawing(Modules modules) {
		Map<String, List<Module>> rooms = modules.byArtifact()
			.values()
			.stream()
			.collect(Collectors.groupingBy(Module::room, TreeMap::new, Collectors.toList()));
		StringBuilder text = new StringBuilder("flowchart TD\n");
		rooms.forEach((room, inside) -> {
			String indent = room.isEmpty() ? "  " : "    ";
			text.append(room.isEmpty() ? "" : "  subgraph in-%1$s[%1$s]%n".formatted(room));
			inside.forEach((module) -> text.append("%s%s[%s]%n".formatted(indent, module.artifact(), module.name())));
			text.append(room.isEmpty() ? "" : "  end\n");
		});
		for (String artifact : modules.byArtifact().keySet()) {
			modules.direct(artifact).forEach((need) -> text.append("  %s --> %s%n".formatted(artifact, need)));
		}
		return text.toString().replace(System.lineSeparator(), "\n");
	}

}
