package com.example.launcher.contracts;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares the schema of a value that was released with that of now. One question decides
 * everything: does one of them take every value of the other? What is sent by a caller
 * must still be taken now; what is answered now must have been possible before.
 */
final class SchemaComparison {

	// What each format takes besides itself.
	private static final Map<String, Set<String>> WIDER = Map.of("int64", Set.of("int32"), "double",
			Set.of("float", "int32"));

	private static final Set<String> AT_MOST = Set.of("maxLength", "maxItems", "maxProperties");

	private static final Set<String> AT_LEAST = Set.of("minLength", "minItems", "minProperties");

	private static final Set<String> AS_IT_WAS = Set.of("pattern", "multipleOf");

	private static final String NULL = "null";

	private static final String ENUM = "enum";

	private static final String PROPERTIES = "properties";

	private static final String OTHERS = "additionalProperties";

	private final OpenApi released;

	private final OpenApi now;

	private final boolean request;

	private final BiConsumer<String, String> found;

	// Those under way: schemas may refer to themselves.
	private final Set<String> references = new HashSet<>();

	/**
	 * @param request whether callers send the value, else they get it
	 * @param found told which field, and what breaks
	 */
	SchemaComparison(OpenApi released, OpenApi now, boolean request, BiConsumer<String, String> found) {
		this.released = released;
		this.now = now;
		this.request = request;
		this.found = found;
	}

	/** Compares a field, which is empty for the whole value. */
	void compare(String field, JsonNode released, JsonNode now) {
		String reference = released.path("$ref").asString("") + " " + now.path("$ref").asString("");
		boolean isNew = reference.isBlank() || references.add(reference);
		if (isNew) {
			compareWhole(field, this.released.schema(released), this.now.schema(now));
			references.remove(reference);
		}
	}

	private void compareWhole(String field, ObjectNode before, ObjectNode after) {
		if (isChoice(before) || isChoice(after)) {
			compareChoices(field, before, after);
			if (isChoice(before) && isChoice(after) && before.has(PROPERTIES)) {
				compareFields(field, before, after);
			}
			return;
		}
		if (!compareTypes(field, before, after)) {
			return;
		}
		compareValues(field, before, after);
		if (request) {
			compareLimits(field, before, after);
		}
		compareFields(field, before, after);
		if (before.has("items") || after.has("items")) {
			compare(field + "[]", before.path("items"), after.path("items"));
		}
	}

	private <T> T wide(T before, T after) {
		return request ? after : before;
	}

	private <T> T narrow(T before, T after) {
		return request ? before : after;
	}

	private static boolean isChoice(JsonNode schema) {
		return schema.has("oneOf") || schema.has("anyOf");
	}

	private static List<JsonNode> choices(JsonNode schema) {
		List<JsonNode> choices = new ArrayList<>();
		schema.path("oneOf").forEach(choices::add);
		schema.path("anyOf").forEach(choices::add);
		return choices.isEmpty() ? List.of(schema) : choices;
	}

	/** Each choice on one side must be taken by one on the other. */
	private void compareChoices(String field, JsonNode before, JsonNode after) {
		List<JsonNode> takers = choices(wide(before, after));
		for (JsonNode choice : choices(narrow(before, after))) {
			JsonNode same = takers.stream()
				.filter((taker) -> choice.has("$ref") && choice.path("$ref").equals(taker.path("$ref")))
				.findFirst()
				.orElse(MissingNode.getInstance());
			if (!same.isMissingNode()) {
				compare(field, narrow(choice, same), wide(choice, same));
			}
			else if (takers.stream().noneMatch((taker) -> isTaken(choice, taker))) {
				String name = choice.path("$ref").asString(name(types(choice))).replaceFirst(".*/", "");
				found.accept(field, request ? name + " is no longer taken" : "may be " + name + " now");
			}
		}
	}

	private boolean isTaken(JsonNode choice, JsonNode taker) {
		List<String> problems = new ArrayList<>();
		SchemaComparison comparison = new SchemaComparison(released, now, request,
				(field, problem) -> problems.add(problem));
		comparison.references.addAll(references);
		comparison.compare("", narrow(choice, taker), wide(choice, taker));
		return problems.isEmpty();
	}

	private boolean compareTypes(String field, JsonNode before, JsonNode after) {
		Set<String> types = types(wide(before, after));
		Set<String> missing = new TreeSet<>(types(narrow(before, after)));
		boolean isAny = missing.isEmpty();
		missing.removeIf((type) -> types.contains(type) || (type.equals("integer") && types.contains("number")));
		if (types.isEmpty() || (!isAny && missing.isEmpty())) {
			return true;
		}
		if (missing.equals(Set.of(NULL))) {
			found.accept(field, request ? "must not be null now" : "may be null now");
			return true;
		}
		found.accept(field, "was %s, is %s now".formatted(name(types(before)), name(types(after))));
		return false;
	}

	private static Set<String> types(JsonNode schema) {
		Set<String> types = new LinkedHashSet<>();
		JsonNode type = schema.path("type");
		if (type.isArray()) {
			type.forEach((one) -> types.add(one.asString("")));
		}
		else if (!type.isMissingNode()) {
			types.add(type.asString(""));
		}
		if (!types.isEmpty() && schema.path("nullable").asBoolean(false)) {
			types.add(NULL);
		}
		return types;
	}

	private static String name(Set<String> types) {
		return types.isEmpty() ? "anything" : String.join(" or ", types);
	}

	private void compareValues(String field, JsonNode before, JsonNode after) {
		Set<JsonNode> taken = values(wide(before, after));
		Set<JsonNode> others = values(narrow(before, after));
		if (!taken.isEmpty() && others.isEmpty()) {
			found.accept(field, request ? "must be one of %s now".formatted(taken)
					: "was one of %s, may be others now".formatted(taken));
		}
		if (!taken.isEmpty()) {
			others.removeAll(taken);
			others.forEach((value) -> found.accept(field,
					request ? value + " is no longer taken" : "may be %s now".formatted(value)));
		}
		String format = wide(before, after).path("format").asString("");
		String other = narrow(before, after).path("format").asString("");
		if (!format.isEmpty() && !format.equals(other) && !WIDER.getOrDefault(format, Set.of()).contains(other)) {
			tell(field, "format", before, after);
		}
	}

	private static Set<JsonNode> values(JsonNode schema) {
		Set<JsonNode> values = new LinkedHashSet<>();
		schema.path(ENUM).forEach(values::add);
		if (schema.has("const")) {
			values.add(schema.get("const"));
		}
		return values;
	}

	/** What is answered is not checked against limits, so that they promise nothing. */
	private void compareLimits(String field, JsonNode before, JsonNode after) {
		for (Map.Entry<String, JsonNode> keyword : after.properties()) {
			String name = keyword.getKey();
			JsonNode limit = before.path(name);
			boolean isTighter = (AT_MOST.contains(name)
					&& (limit.isMissingNode() || keyword.getValue().asLong() < limit.asLong()))
					|| (AT_LEAST.contains(name) && keyword.getValue().asLong() > limit.asLong(0))
					|| (AS_IT_WAS.contains(name) && !keyword.getValue().equals(limit))
					|| (name.equals("uniqueItems") && keyword.getValue().asBoolean() && !limit.asBoolean(false));
			if (isTighter) {
				tell(field, name, before, after);
			}
		}
		for (boolean upper : List.of(false, true)) {
			Limit tighter = Limit.of(after, upper);
			if (tighter != null && tighter.isTighterThan(Limit.of(before, upper))) {
				found.accept(field, "must be %s now".formatted(tighter));
			}
		}
		if (before.has("default") && !before.get("default").equals(after.path("default"))) {
			tell(field, "default", before, after);
		}
	}

	private void tell(String field, String keyword, JsonNode before, JsonNode after) {
		found.accept(field, "%s was %s, is %s now".formatted(keyword, before.path(keyword).asString("not set"),
				after.path(keyword).asString("not set")));
	}

	private void compareFields(String field, ObjectNode before, ObjectNode after) {
		if (request && types(after).isEmpty() && !after.has(PROPERTIES)) {
			return; // anything is taken
		}
		String prefix = field.isEmpty() ? "" : field + ".";
		JsonNode others = before.path(OTHERS);
		boolean anyOthers = !after.has(OTHERS) || after.path(OTHERS).asBoolean(false);
		if (others.isObject() && !after.path(OTHERS).isObject() && !(request && anyOthers)) {
			found.accept(prefix + "*", "was removed");
		}
		else if (others.isObject() && after.path(OTHERS).isObject()) {
			compare(prefix + "*", others, after.path(OTHERS));
		}
		else if (request && after.path(OTHERS).isBoolean() && !after.path(OTHERS).asBoolean()
				&& !others.equals(after.path(OTHERS))) {
			found.accept(prefix + "*", "other fields are no longer taken");
		}
		for (Map.Entry<String, JsonNode> property : before.path(PROPERTIES).properties()) {
			JsonNode other = after.path(PROPERTIES).path(property.getKey());
			if (isThere(property.getValue(), released)) {
				if (!isThere(other, now)) {
					found.accept(prefix + property.getKey(), "was removed");
				}
				else {
					compare(prefix + property.getKey(), property.getValue(), other);
				}
			}
		}
		for (Map.Entry<String, JsonNode> property : after.path(PROPERTIES).properties()) {
			if (others.isObject() && !before.path(PROPERTIES).has(property.getKey())) {
				compare(prefix + property.getKey(), others, property.getValue());
			}
		}
		Set<String> demanded = required(wide(before, after), wide(released, now));
		demanded.removeAll(required(narrow(before, after), narrow(released, now)));
		demanded.removeIf((name) -> !isThere(after.path(PROPERTIES).path(name), now));
		demanded
			.forEach((name) -> found.accept(prefix + name, request ? "must be given now" : "is not always there now"));
	}

	/** Whether a field is sent in this direction. */
	private boolean isThere(JsonNode property, OpenApi document) {
		return !property.isMissingNode()
				&& !document.schema(property).path(request ? "readOnly" : "writeOnly").asBoolean(false);
	}

	private Set<String> required(JsonNode schema, OpenApi document) {
		Set<String> names = new LinkedHashSet<>();
		schema.path("required").forEach((name) -> names.add(name.asString("")));
		names.removeIf(
				(name) -> schema.path(PROPERTIES).has(name) && !isThere(schema.path(PROPERTIES).path(name), document));
		return names;
	}

	/**
	 * The least or the greatest number that is taken.
	 */
	private record Limit(BigDecimal number, boolean exclusive, boolean upper) {

		/** Reads it, of 3.0 and of 3.1. */
		static @Nullable Limit of(JsonNode schema, boolean upper) {
			JsonNode inclusive = schema.path(upper ? "maximum" : "minimum");
			JsonNode exclusive = schema.path(upper ? "exclusiveMaximum" : "exclusiveMinimum");
			Limit limit = null;
			if (inclusive.isNumber()) {
				limit = new Limit(inclusive.decimalValue(), exclusive.isBoolean() && exclusive.asBoolean(), upper);
			}
			if (exclusive.isNumber()) {
				Limit other = new Limit(exclusive.decimalValue(), true, upper);
				limit = other.isTighterThan(limit) ? other : limit;
			}
			// Of whole numbers, those above 0 are those from 1 on.
			return (limit != null && limit.exclusive && types(schema).contains("integer"))
					? new Limit(limit.number.add(upper ? BigDecimal.ONE.negate() : BigDecimal.ONE), false, upper)
					: limit;
		}

		boolean isTighterThan(@Nullable Limit other) {
			if (other == null) {
				return true;
			}
			int order = upper ? other.number.compareTo(number) : number.compareTo(other.number);
			return order > 0 || (order == 0 && exclusive && !other.exclusive);
		}

		@Override
		public String toString() {
			return (upper ? exclusive ? "below " : "at most " : exclusive ? "above " : "at least ") + number;
		}

	}

}
