package com.example.launcher.contracts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An OpenAPI document of version 3.0 or 3.1.
 */
final class OpenApi {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final List<String> METHODS = List.of("get", "put", "post", "delete", "options", "head", "patch",
			"trace");

	private static final String REFERENCE = "$ref";

	private static final String ALL_OF = "allOf";

	private static final String PROPERTIES = "properties";

	private static final String REQUIRED = "required";

	private final JsonNode document;

	/**
	 * Reads the document.
	 * @throws JacksonException if it is not JSON
	 */
	OpenApi(String json) {
		this.document = JSON.readTree(json);
	}

	/**
	 * The document as it is kept: sorted, and without what differs from run to run or
	 * from machine to machine.
	 */
	String text(String service) {
		ObjectNode kept = (ObjectNode) sorted(document, "");
		kept.remove(List.of("servers", "tags"));
		kept.putObject("info").put("title", service).put("version", "released");
		for (JsonNode path : kept.path("paths")) {
			METHODS.stream()
				.map(path::path)
				.filter(JsonNode::isObject)
				// Made of the method's name, with a number if another class has one of
				// that name.
				.forEach((operation) -> ((ObjectNode) operation).remove(List.of("operationId", "tags")));
		}
		return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(sorted(kept, "")).replace("\r\n", "\n") + "\n";
	}

	private static JsonNode sorted(JsonNode node, String name) {
		if (node.isObject()) {
			ObjectNode sorted = JSON.createObjectNode();
			new TreeSet<>(node.propertyNames()).forEach((field) -> sorted.set(field, sorted(node.get(field), field)));
			return sorted;
		}
		if (node.isArray()) {
			List<JsonNode> elements = new ArrayList<>();
			node.forEach((element) -> elements.add(sorted(element, "")));
			if (name.equals(REQUIRED)) {
				elements.sort((one, other) -> one.asString("").compareTo(other.asString("")));
			}
			return JSON.createArrayNode().addAll(elements);
		}
		return node;
	}

	/**
	 * The operations, each by its method and path such as {@code GET /api/users/{}}: how
	 * the variables of a path are called is nothing that a caller sends.
	 */
	Map<String, Operation> operations() {
		Map<String, Operation> operations = new LinkedHashMap<>();
		for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
			for (String method : METHODS) {
				if (path.getValue().has(method)) {
					Operation operation = new Operation(method.toUpperCase(Locale.ROOT), path.getKey(), path.getValue(),
							path.getValue().get(method));
					operations.put(operation.method() + " " + withoutNames(path.getKey()), operation);
				}
			}
		}
		return operations;
	}

	static String withoutNames(String path) {
		return path.replaceAll("\\{[^}]*}", "{}");
	}

	/** The parameters of an operation, by place and name, those in the path by number. */
	Map<String, JsonNode> parameters(Operation operation) {
		Map<String, JsonNode> parameters = new LinkedHashMap<>();
		for (JsonNode owner : List.of(operation.path(), operation.json())) {
			for (JsonNode written : owner.path("parameters")) {
				JsonNode parameter = resolved(written);
				String in = parameter.path("in").asString("");
				String name = parameter.path("name").asString("");
				parameters.put(switch (in) {
					case "path" -> "path " + operation.number(name);
					case "header" -> "header " + name.toLowerCase(Locale.ROOT);
					default -> in + " " + name;
				}, parameter);
			}
		}
		return parameters;
	}

	/** Who may call an operation; empty if everybody. */
	Set<JsonNode> security(Operation operation) {
		Set<JsonNode> ways = new LinkedHashSet<>();
		JsonNode own = operation.json().path("security");
		(own.isMissingNode() ? document.path("security") : own).forEach(ways::add);
		return ways;
	}

	/** What a reference leads to, or the node itself. */
	JsonNode resolved(JsonNode node) {
		JsonNode reference = node.path(REFERENCE);
		return reference.isMissingNode() ? node : resolved(document.at(reference.asString("").substring(1)));
	}

	/** A schema as one, however many it is put together from. */
	ObjectNode schema(JsonNode written) {
		ObjectNode whole = JSON.createObjectNode();
		if (written.has(REFERENCE)) {
			add(whole, schema(document.at(written.path(REFERENCE).asString("").substring(1))));
		}
		boolean extended = written.path(ALL_OF).size() > 1 || written.has(PROPERTIES);
		for (JsonNode part : written.path(ALL_OF)) {
			ObjectNode inherited = schema(part);
			// What a parent may be is of no use to one of its children.
			add(whole, extended ? inherited.remove(List.of("oneOf", "anyOf", "discriminator")) : inherited);
		}
		if (written instanceof ObjectNode own) {
			add(whole, own.deepCopy().remove(List.of(REFERENCE, ALL_OF)));
		}
		return whole;
	}

	private static void add(ObjectNode whole, ObjectNode part) {
		for (Map.Entry<String, JsonNode> keyword : part.properties()) {
			JsonNode before = whole.path(keyword.getKey());
			if (keyword.getKey().equals(PROPERTIES) && before instanceof ObjectNode properties) {
				properties.setAll((ObjectNode) keyword.getValue());
			}
			else if (keyword.getKey().equals(REQUIRED) && before instanceof ArrayNode required) {
				required.addAll((ArrayNode) keyword.getValue());
			}
			else {
				whole.set(keyword.getKey(), keyword.getValue());
			}
		}
	}

	/**
	 * An operation.
	 *
	 * @param method such as {@code GET}
	 * @param name its path, such as {@code /api/users/{id}}
	 * @param path what holds for all operations of the path
	 * @param json what holds for this one
	 */
	record Operation(String method, String name, JsonNode path, JsonNode json) {

		/** Which one a variable of the path is, whatever they are called. */
		int number(String variable) {
			return withoutNames(name.replaceFirst("\\{" + Pattern.quote(variable) + "}.*", "")).length();
		}

		@Override
		public String toString() {
			return method + " " + name;
		}

	}

}
