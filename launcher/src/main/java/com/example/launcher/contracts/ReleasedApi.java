package com.example.launcher.contracts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The methods of the contracts that were released, and what they are made of. Read from
 * an image of buf, which is a set of protobuf's file descriptors.
 */
final class ReleasedApi {

	private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

	private final List<Method> methods = new ArrayList<>();

	// Full names of messages and enums, with those that they have as fields.
	private final Map<String, Set<String>> parts = new HashMap<>();

	ReleasedApi(String image) {
		for (JsonNode file : JsonMapper.shared().readTree(image).path("file")) {
			String scope = file.path("package").asString("");
			addParts(scope, file);
			for (JsonNode service : file.path("service")) {
				for (JsonNode method : service.path("method")) {
					methods.add(new Method(file.path("name").asString(""), scope,
							file.path("options").path("javaPackage").asString(scope), service.path("name").asString(""),
							method.path("name").asString(""),
							Set.of(type(method, "inputType"), type(method, "outputType"))));
				}
			}
		}
	}

	private void addParts(String scope, JsonNode container) {
		for (JsonNode message : container.path("messageType").isMissingNode() ? container.path("nestedType")
				: container.path("messageType")) {
			String name = scope + "." + message.path("name").asString("");
			Set<String> fields = parts.computeIfAbsent(name, (unknown) -> new HashSet<>());
			message.path("field").forEach((field) -> fields.add(type(field, "typeName")));
			addParts(name, message);
		}
		container.path("enumType").forEach((type) -> parts.put(scope + "." + type.path("name").asString(""), Set.of()));
	}

	private static String type(JsonNode node, String field) {
		return node.path(field).asString("").replaceFirst("^\\.", "");
	}

	List<Method> methods() {
		return methods;
	}

	/**
	 * The methods that a finding of buf is about.
	 * @param file the contract's file, such as {@code user/v1/user.proto}, empty if buf
	 * names none
	 * @param finding what buf says, with names in quotes
	 */
	List<Method> affected(String file, String finding) {
		Set<String> names = QUOTED.matcher(finding)
			.results()
			.map((MatchResult name) -> name.group(1))
			.collect(Collectors.toSet());
		List<Method> named = inFile(file, names).filter((method) -> names.contains(method.service()))
			.filter((method) -> !finding.contains("RPC ") || names.contains(method.name()))
			.toList();
		if (!named.isEmpty()) {
			return named;
		}
		String scope = inFile(file, names).map(Method::scope).findFirst().orElseGet(() -> scopeOf(file));
		// Of what stands in a message, buf tells the last part of the name.
		Set<String> changed = parts.keySet()
			.stream()
			.filter((part) -> part.startsWith(scope + ".")
					&& names.stream().anyMatch((name) -> part.endsWith("." + name)))
			.collect(Collectors.toSet());
		return changed.isEmpty() ? inFile(file, names).toList()
				: methods.stream().filter((method) -> reaches(method.types(), changed)).toList();
	}

	private static String scopeOf(String file) {
		return file.contains("/") ? file.substring(0, file.lastIndexOf('/')).replace('/', '.') : "";
	}

	private Stream<Method> inFile(String file, Set<String> names) {
		return methods.stream().filter((method) -> method.file().equals(file) || names.contains(method.file()));
	}

	private boolean reaches(Set<String> types, Set<String> changed) {
		Set<String> seen = new HashSet<>();
		List<String> open = new ArrayList<>(types);
		while (!open.isEmpty()) {
			String next = open.remove(open.size() - 1);
			if (changed.stream().anyMatch((name) -> next.equals(name) || next.startsWith(name + "."))) {
				return true;
			}
			if (seen.add(next)) {
				open.addAll(parts.getOrDefault(next, Set.of()));
			}
		}
		return false;
	}

	/**
	 * A method of a service.
	 *
	 * @param file the contract's file
	 * @param scope the package of the contract
	 * @param javaPackage the package of what is generated
	 * @param service name of the service
	 * @param name name of the method
	 * @param types full names of request and response
	 */
	record Method(String file, String scope, String javaPackage, String service, String name, Set<String> types) {

		String fullName() {
			return scope + "." + service + "/" + name;
		}

	}

}
