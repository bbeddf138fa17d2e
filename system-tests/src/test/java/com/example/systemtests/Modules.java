package com.example.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The modules of the build and what they need of each other, as their {@code pom.xml}
 * files say.
 *
 * @param byArtifact modules by artifact id, in the order of the build
 */
record Modules(Map<String, Module> byArtifact) {

	/**
	 * Reads a repository.
	 * @param root its folder
	 */
	static Modules of(Path root) {
		Map<String, Module> modules = new LinkedHashMap<>();
		for (String folder : texts(parse(root.resolve("pom.xml")), "module")) {
			Element pom = parse(root.resolve(folder).resolve("pom.xml"));
			modules.put(child(pom, "artifactId"), new Module(folder, child(pom, "artifactId"), needed(pom)));
		}
		return new Modules(modules);
	}

	/** Artifacts that a module needs directly or by way of others. */
	Set<String> reachable(String artifact) {
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

	/** Those that a module needs and that none of the others it needs brings along. */
	List<String> direct(String artifact) {
		List<String> needs = module(artifact).needs();
		return needs.stream()
			.filter((need) -> needs.stream().noneMatch((other) -> reachable(other).contains(need)))
			.sorted()
			.toList();
	}

	private Module module(String artifact) {
		return Objects.requireNonNull(byArtifact.get(artifact), artifact);
	}

	private static List<String> needed(Element pom) {
		return elements(pom.getElementsByTagName("dependency"))
			.filter((dependency) -> child(dependency, "groupId").equals("com.example")
					&& !child(dependency, "scope").equals("test"))
			.map((dependency) -> child(dependency, "artifactId"))
			.toList();
	}

	private static Element parse(Path pom) {
		try {
			return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (ParserConfigurationException | SAXException ex) {
			throw new IllegalStateException(pom + " cannot be read", ex);
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

	private static Stream<Element> elements(NodeList nodes) {
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
	record Module(String folder, String artifact, List<String> needs) {

		/** The folder that it stands in, such as {@code starters}. */
		String room() {
			return folder.contains("/") ? folder.substring(0, folder.indexOf('/')) : "";
		}

		String name() {
			return folder.substring(folder.indexOf('/') + 1);
		}

	}

}
