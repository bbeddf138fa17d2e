package com.example.launcher.scaffold;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import com.example.launcher.process.LocalSystemException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * The modules of the build and what they need of each other, as their {@code pom.xml}
 * files say.
 *
 * @param byArtifact modules by artifact id, in the order of the build
 */
public record Modules(Map<String, Module> byArtifact) {

	private static final String BEGIN = "```mermaid\n";

	private static final String END = "```\n";

	/**
	 * Reads a repository.
	 * @param read reads a file by its path
	 */
	public static Modules of(UnaryOperator<String> read) {
		Map<String, Module> modules = new LinkedHashMap<>();
		Element root = parse("pom.xml", read);
		for (String folder : texts(root, "module")) {
			Element pom = parse(folder + "/pom.xml", read);
			modules.put(child(pom, "artifactId"),
					new Module(folder, child(pom, "artifactId"), needed(pom, child(root, "groupId"))));
		}
		return new Modules(modules);
	}

	/** Artifacts that a module needs directly or by way of others. */
	private Set<String> reachable(String artifact) {
		Set<String> found = new TreeSet<>();
		List<String> open = new ArrayList<>(module(artifact).needs());
		while (!open.isEmpty()) {
			String next = open.remove(open.size() - 1);
			if (found.add(next)) {
				open.addAll(module(next).needs());
			}
		}
		return found;
	}

	/** Draws the picture of a page anew. */
	public String drawnIn(String page) {
		int begin = page.indexOf(BEGIN) + BEGIN.length();
		return page.substring(0, begin) + drawing() + page.substring(page.indexOf(END, begin));
	}

	/**
	 * An arrow from a module to each that it needs, but for those that another one brings
	 * along.
	 */
	private String drawing() {
		Map<String, List<Module>> rooms = byArtifact.values()
			.stream()
			.collect(Collectors.groupingBy(Module::room, TreeMap::new, Collectors.toList()));
		StringBuilder text = new StringBuilder("flowchart TD\n");
		rooms.forEach((room, inside) -> {
			String indent = room.isEmpty() ? "  " : "    ";
			text.append(room.isEmpty() ? "" : "  subgraph in-%1$s[%1$s]\n".formatted(room));
			inside.forEach((module) -> text.append("%s%s[%s]\n".formatted(indent, module.artifact(), module.name())));
			text.append(room.isEmpty() ? "" : "  end\n");
		});
		for (String artifact : byArtifact.keySet()) {
			direct(artifact).forEach((need) -> text.append("  %s --> %s\n".formatted(artifact, need)));
		}
		return text.toString();
	}

	/** Those that a module needs and that none of the others it needs brings along. */
	private List<String> direct(String artifact) {
		List<String> needs = module(artifact).needs();
		return needs.stream()
			.filter((need) -> needs.stream().noneMatch((other) -> reachable(other).contains(need)))
			.sorted()
			.toList();
	}

	private Module module(String artifact) {
		return Objects.requireNonNull(byArtifact.get(artifact), artifact);
	}

	private static List<String> needed(Element pom, String group) {
		return elements(pom.getElementsByTagName("dependency"))
			.filter((dependency) -> child(dependency, "groupId").equals(group)
					&& !child(dependency, "scope").equals("test"))
			.map((dependency) -> child(dependency, "artifactId"))
			.toList();
	}

	private static Element parse(String pom, UnaryOperator<String> read) {
		try {
			return DocumentBuilderFactory.newInstance()
				.newDocumentBuilder()
				.parse(new InputSource(new StringReader(read.apply(pom))))
				.getDocumentElement();
		}
		catch (IOException | ParserConfigurationException | SAXException ex) {
			throw new LocalSystemException("%s cannot be read (%s). Correct it first.".formatted(pom, ex.getMessage()),
					ex);
		}
	}

	private static String child(Element parent, String name) {
		return elements(parent.getChildNodes()).filter((child) -> child.getTagName().equals(name))
			.map(Element::getTextContent)
			.findFirst()
			.orElse("");
	}

	private static List<String> texts(Element parent, String name) {
		return elements(parent.getElementsByTagName(name)).map(Element::getTextContent).toList();
	}

	static Stream<Element> elements(NodeList nodes) {
		return IntStream.range(0, nodes.getLength())
			.mapToObj(nodes::item)
			.filter(Element.class::isInstance)
			.map(Element.class::cast);
	}

	/**
	 * A module.
	 *
	 * @param folder its folder, below the root
	 * @param artifact its artifact id
	 * @param needs the modules that its {@code pom.xml} names, but for tests
	 */
	public record Module(String folder, String artifact, List<String> needs) {

		/** The folder that it stands in, such as {@code starters}. */
		String room() {
			return folder.contains("/") ? folder.substring(0, folder.indexOf('/')) : "";
		}

		String name() {
			return folder.substring(folder.indexOf('/') + 1);
		}

	}

}
