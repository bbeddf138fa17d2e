package com.example.launcher.contracts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

import com.example.launcher.contracts.OpenApi.Operation;
import tools.jackson.databind.JsonNode;

/**
 * Compares the operations of a REST API with those that were released: whoever was
 * written for those must be able to go on. What is only told to people may change.
 */
final class RestComparison {

	private static final String SCHEMA = "schema";

	private static final String CONTENT = "content";

	private static final String HEADERS = "headers";

	private static final String REQUIRED = "required";

	private static final String ANY_TYPE = "*/*";

	private static final String REMOVED = "was removed";

	private final OpenApi released;

	private final OpenApi now;

	// In the order in which they are found, with the statuses of the answers.
	private final Map<Finding, Set<String>> found = new LinkedHashMap<>();

	RestComparison(OpenApi released, OpenApi now) {
		this.released = released;
		this.now = now;
	}

	/** What breaks, once for each operation and field. */
	List<Finding> findings() {
		Map<String, Operation> present = now.operations();
		released.operations().forEach((key, before) -> {
			Operation after = present.get(key);
			if (after == null) {
				add(before, "", "is gone");
			}
			else {
				compareParameters(before, after);
				compareBodies(before, after);
				compareResponses(before, after);
				compareSecurity(before, after);
			}
		});
		List<Finding> findings = new ArrayList<>();
		found
			.forEach((finding, statuses) -> findings.add(statuses.isEmpty() ? finding : new Finding(finding.operation(),
					"response " + String.join(", ", statuses) + finding.place(), finding.problem())));
		return findings;
	}

	private void compareParameters(Operation before, Operation after) {
		Map<String, JsonNode> present = now.parameters(after);
		Map<String, JsonNode> former = released.parameters(before);
		former.forEach((key, parameter) -> {
			String place = place(parameter);
			JsonNode other = present.get(key);
			if (other == null) {
				add(before, place, REMOVED);
				return;
			}
			if (isRequired(other) && !isRequired(parameter)) {
				add(before, place, "must be given now");
			}
			if (!style(parameter).equals(style(other))) {
				add(before, place, "must be written in another way now, as %s".formatted(style(other)));
			}
			new SchemaComparison(released, now, true,
					(field, problem) -> add(before, place + (field.isEmpty() ? "" : ", field " + field), problem))
				.compare("", schema(parameter), schema(other));
		});
		present.forEach((key, parameter) -> {
			if (!former.containsKey(key) && isRequired(parameter)) {
				add(before, place(parameter), "is new and must be given");
			}
		});
	}

	private static String place(JsonNode parameter) {
		String in = parameter.path("in").asString("");
		return (in.equals("header") ? "request header " : in + " parameter ") + parameter.path("name").asString("");
	}

	private static boolean isRequired(JsonNode node) {
		return node.path(REQUIRED).asBoolean(false);
	}

	private static JsonNode schema(JsonNode parameter) {
		return parameter.has(CONTENT) ? parameter.path(CONTENT).iterator().next().path(SCHEMA) : parameter.path(SCHEMA);
	}

	/** How several values are written. */
	private static String style(JsonNode parameter) {
		String in = parameter.path("in").asString("");
		String style = parameter.path("style").asString(Set.of("query", "cookie").contains(in) ? "form" : "simple");
		return style
				+ (parameter.path("explode").asBoolean(style.equals("form")) ? ", each by itself" : ", all in one");
	}

	private void compareBodies(Operation before, Operation after) {
		String place = "request body";
		JsonNode former = released.resolved(before.json().path("requestBody"));
		JsonNode present = now.resolved(after.json().path("requestBody"));
		if (isRequired(present) && !isRequired(former)) {
			add(before, place, "must be given now");
		}
		if (present.isMissingNode() && !former.isMissingNode()) {
			add(before, place, REMOVED);
			return;
		}
		compareContents(former.path(CONTENT), present.path(CONTENT), true, (field, problem) -> add(before,
				place + (field.isEmpty() || field.startsWith(" ") ? field : ", field " + field), problem));
	}

	/** What is told of no field has a place that begins with a blank. */
	private void compareContents(JsonNode former, JsonNode present, boolean request,
			BiConsumer<String, String> breakage) {
		for (Map.Entry<String, JsonNode> content : former.properties()) {
			JsonNode other = content(present, content.getKey(), request);
			if (other.isMissingNode()) {
				breakage.accept(" of type " + content.getKey(), request ? "is no longer taken" : "is no longer sent");
			}
			else {
				new SchemaComparison(released, now, request, breakage).compare("", content.getValue().path(SCHEMA),
						other.path(SCHEMA));
			}
		}
	}

	/** The content of a type: any type may be what is taken, or what was answered. */
	private static JsonNode content(JsonNode contents, String type, boolean request) {
		if (!contents.has(type) && !request && type.equals(ANY_TYPE) && !contents.isEmpty()) {
			return contents.iterator().next();
		}
		return (!contents.has(type) && request) ? contents.path(ANY_TYPE) : contents.path(type);
	}

	private void compareResponses(Operation before, Operation after) {
		for (Map.Entry<String, JsonNode> response : before.json().path("responses").properties()) {
			String status = response.getKey();
			JsonNode former = released.resolved(response.getValue());
			JsonNode present = now.resolved(after.json().path("responses").path(status));
			if (present.isMissingNode()) {
				addResponse(before, status, "", "is no longer answered");
				continue;
			}
			compareContents(former.path(CONTENT), present.path(CONTENT), false, (field, problem) -> addResponse(before,
					status, field.isEmpty() || field.startsWith(" ") ? field : ", field " + field, problem));
			for (Map.Entry<String, JsonNode> header : former.path(HEADERS).properties()) {
				String place = ", header " + header.getKey();
				JsonNode other = now.resolved(present.path(HEADERS).path(header.getKey()));
				if (other.isMissingNode()) {
					addResponse(before, status, place, REMOVED);
					continue;
				}
				JsonNode own = released.resolved(header.getValue());
				if (isRequired(own) && !isRequired(other)) {
					addResponse(before, status, place, "is not always there now");
				}
				new SchemaComparison(released, now, false,
						(field, problem) -> addResponse(before, status, place, problem))
					.compare("", own.path(SCHEMA), other.path(SCHEMA));
			}
		}
	}

	private void compareSecurity(Operation before, Operation after) {
		Set<JsonNode> ways = now.security(after);
		Set<JsonNode> former = released.security(before);
		if (!ways.isEmpty() && (former.isEmpty() || !ways.containsAll(former))) {
			add(before, "security", "callers must prove who they are in another way now");
		}
	}

	private void add(Operation operation, String place, String problem) {
		found.put(new Finding(operation, place, problem), Set.of());
	}

	private void addResponse(Operation operation, String status, String place, String problem) {
		found.computeIfAbsent(new Finding(operation, place, problem), (unknown) -> new TreeSet<>()).add(status);
	}

	/**
	 * Something that breaks callers.
	 *
	 * @param operation what they call
	 * @param place where in it, empty for all of it
	 * @param problem what has happened there
	 */
	record Finding(Operation operation, String place, String problem) {

		@Override
		public String toString() {
			return operation + (place.isEmpty() ? " " : ", " + place + " ") + problem;
		}

	}

}
