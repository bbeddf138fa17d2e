package com.example.launcher.load;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A file of request templates in YAML. What is wrong with it is told with file and line.
 *
 * @param prepare what is sent once before the load
 * @param requests what the load consists of
 */
record MixFile(List<Template> prepare, List<Template> requests) {

	private static final int MOST = 10_000;

	// The path as it is sent: encoded already.
	private static final Pattern REQUEST = Pattern.compile("([A-Z]+) (/[\\x21-\\x7e]*)");

	private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]+");

	private static final Set<String> OWN_HEADERS = Set.of("host", "content-length", "transfer-encoding", "connection");

	/**
	 * Reads a file.
	 * @param name its name, for messages
	 * @param text what is in it
	 */
	static MixFile read(String name, String text) {
		return new Reader(name).read(text);
	}

	/**
	 * Reads one file.
	 *
	 * @param file its name
	 */
	private record Reader(String file) {

		MixFile read(String text) {
			Node root = compose(text);
			Map<String, Node> parts = members(root, Set.of("prepare", "requests"), "the file");
			List<Template> prepare = templates(parts.get("prepare"), "times");
			List<Template> requests = templates(parts.get("requests"), "weight");
			if (requests.isEmpty()) {
				throw wrong(root,
						"there is nothing to send. Write 'requests:' and below it '- request: GET /api/users'.");
			}
			check(prepare, requests);
			return new MixFile(prepare, requests);
		}

		private Node compose(String text) {
			try {
				Node root = new Yaml().compose(new StringReader(text));
				if (root != null) {
					return root;
				}
			}
			catch (MarkedYAMLException ex) {
				int line = (ex.getProblemMark() != null) ? ex.getProblemMark().getLine() + 1 : 1;
				throw new LocalSystemException("%s:%d: this is no YAML: %s.".formatted(file, line, ex.getProblem()),
						ex);
			}
			catch (YAMLException ex) {
				throw new LocalSystemException("%s: this is no YAML: %s.".formatted(file, ex.getMessage()), ex);
			}
			throw new LocalSystemException(
					file + ": the file is empty. Write 'requests:' and below it '- request: GET /api/users'.");
		}

		/** Whatever is needed must be kept by something that can be sent before. */
		private void check(List<Template> prepare, List<Template> requests) {
			Set<String> known = new HashSet<>(Set.of(Template.UNIQUE));
			for (Template template : prepare) {
				require(template, known);
				known.addAll(template.keep().keySet());
			}
			boolean more = true;
			while (more) {
				more = known.addAll(requests.stream()
					.filter((template) -> known.containsAll(template.needs()))
					.flatMap((template) -> template.keep().keySet().stream())
					.toList());
			}
			requests.forEach((template) -> require(template, known));
		}

		private static void require(Template template, Set<String> known) {
			for (String name : template.needs()) {
				if (!known.contains(name)) {
					throw new LocalSystemException(
							"%s: nothing that is sent before keeps ${%s}. Add 'keep: {%2$s: /id}' to a request, or use ${unique}."
								.formatted(template.place(), name));
				}
			}
		}

		private List<Template> templates(@Nullable Node node, String number) {
			List<Template> templates = new ArrayList<>();
			if (node != null) {
				if (!(node instanceof SequenceNode list)) {
					throw wrong(node, "this must be a list. Begin each request with '- request:'.");
				}
				list.getValue().forEach((each) -> templates.add(template(each, number)));
			}
			return templates;
		}

		private Template template(Node node, String number) {
			Map<String, Node> parts = members(node, Set.of("request", number, "headers", "body", "keep"), "a request");
			Node line = parts.get("request");
			if (line == null) {
				throw wrong(node, "a request needs 'request: METHOD /path'.");
			}
			Matcher request = REQUEST.matcher(scalar(line));
			if (!request.matches()) {
				throw wrong(line, "'%s' is no request. Write it like 'GET /api/users?size=5'.".formatted(scalar(line)));
			}
			Node content = parts.get("body");
			String body = (content != null) ? scalar(content).strip() : "";
			Map<String, String> headers = texts(parts.get("headers"), "headers");
			if (!body.isEmpty() && headers.keySet().stream().noneMatch("Content-Type"::equalsIgnoreCase)) {
				headers.put("Content-Type", "application/json");
			}
			headers.forEach((name, value) -> {
				if (!HEADER.matcher(name).matches() || OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))
						|| value.chars().anyMatch(Character::isISOControl)) {
					throw wrong(node, "the header '%s' cannot be sent. Leave it out.".formatted(name));
				}
			});
			Map<String, String> keep = texts(parts.get("keep"), "keep");
			keep.forEach((name, pointer) -> {
				if (!pointer.startsWith("/")) {
					throw wrong(node,
							"'%s' is no JSON pointer. Write it like '/id' or '/items/0/id'.".formatted(pointer));
				}
			});
			return new Template(place(node), number(parts.get(number), number), request.group(1), request.group(2),
					headers, body, keep);
		}

		private int number(@Nullable Node node, String name) {
			if (node == null) {
				return 1;
			}
			if (scalar(node).matches("[1-9][0-9]{0,4}") && Integer.parseInt(scalar(node)) <= MOST) {
				return Integer.parseInt(scalar(node));
			}
			throw wrong(node, "%s must be a number from 1 to %d, not '%s'.".formatted(name, MOST, scalar(node)));
		}

		private Map<String, String> texts(@Nullable Node node, String what) {
			Map<String, String> texts = new LinkedHashMap<>();
			if (node != null) {
				members(node, Set.of(), what).forEach((name, value) -> texts.put(name, scalar(value)));
			}
			return texts;
		}

		/** The members of a mapping. With names, it may have no others. */
		private Map<String, Node> members(Node node, Set<String> names, String what) {
			if (!(node instanceof MappingNode mapping)) {
				throw wrong(node, "%s must be written as 'name: value'.".formatted(what));
			}
			Map<String, Node> members = new LinkedHashMap<>();
			for (NodeTuple member : mapping.getValue()) {
				String name = scalar(member.getKeyNode());
				if (!names.isEmpty() && !names.contains(name)) {
					throw wrong(member.getKeyNode(), "%s has no '%s'. It may have: %s.".formatted(what, name,
							String.join(", ", names.stream().sorted().toList())));
				}
				if (members.put(name, member.getValueNode()) != null) {
					throw wrong(member.getKeyNode(), "'%s' stands here twice. Leave one out.".formatted(name));
				}
			}
			return members;
		}

		private String scalar(Node node) {
			if (node instanceof ScalarNode scalar) {
				return scalar.getValue();
			}
			throw wrong(node, "this must be a text. Put it in quotes.");
		}

		private LocalSystemException wrong(Node node, String message) {
			return new LocalSystemException(place(node) + ": " + message);
		}

		private String place(Node node) {
			return file + ":" + (node.getStartMark().getLine() + 1);
		}

	}

}
