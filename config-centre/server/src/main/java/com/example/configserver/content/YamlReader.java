package com.example.configserver.content;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.example.configserver.content.Setting.Form;
import com.example.configserver.content.Setting.Place;
import com.example.platform.liveconfiguration.KeyNames;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads a YAML file. Names of keys are those that Spring Boot gives them; values stay the
 * texts that are written, where Spring Boot would make numbers, dates and truth values of
 * them first: {@code 0123} would become 83. Everything is accounted for before it is
 * made, with aliases written out.
 */
final class YamlReader {

	// Without an event there is no node, and of nodes a value needs few.
	private static final int MOST_EVENTS = 3 * Reading.MOST_VALUES;

	private static final Set<String> WORDS_FOR_TRUE = Set.of("yes", "on");

	private static final Set<String> WORDS_FOR_FALSE = Set.of("no", "off");

	private static final Pattern OCTAL = Pattern.compile("[-+]?0[0-7_]+");

	// What a scalar is if it is not quoted.
	private static final Resolver STANDARD = new Resolver();

	// Whatever a scalar is: so another tag is one that is written.
	private static final Resolver AS_TEXT = new Resolver() {

		@Override
		protected void addImplicitResolvers() {
			// It has none.
		}

	};

	private final String text;

	private final Reading reading;

	// By code points, which the parser counts.
	private final int[] offsets;

	private List<Setting> settings = new ArrayList<>();

	private YamlReader(String text, Reading reading) {
		this.text = text;
		this.reading = reading;
		this.offsets = IntStream.rangeClosed(0, text.length())
			.filter((i) -> i == text.length() || !Character.isLowSurrogate(text.charAt(i)))
			.toArray();
	}

	/**
	 * Reads a file.
	 * @param reading gets what is wrong
	 * @return the settings of each document that is not empty; incomplete if there is a
	 * problem
	 * @throws RefusedException if the file holds too much
	 */
	static List<List<Setting>> read(String text, Reading reading) {
		return new YamlReader(text, reading).read();
	}

	private List<List<Setting>> read() {
		List<List<Setting>> documents = new ArrayList<>();
		LoaderOptions options = new LoaderOptions();
		options.setNestingDepthLimit(Reading.DEEPEST);
		// The reading counts what they stand for.
		options.setMaxAliasesForCollections(MOST_EVENTS);
		Composer composer = new Composer(parser(options), AS_TEXT, options);
		try {
			while (composer.checkNode()) {
				Node root = composer.getNode();
				if (root instanceof MappingNode mapping) {
					settings = new ArrayList<>();
					readMapping(mapping, "");
					documents.add(settings);
				}
				else if (!isNothing(root)) {
					reading.refuse(line(root), null, "must consist of keys with values, such as server.port: 8080");
				}
			}
		}
		catch (YAMLException ex) {
			YamlProblems.report(ex, text, reading);
		}
		return documents;
	}

	// Stops before there is a node too many.
	private Parser parser(LoaderOptions options) {
		return new ParserImpl(new StreamReader(new StringReader(text)), options) {

			private int events;

			@Override
			public Event getEvent() {
				if (++events > MOST_EVENTS) {
					throw reading.end("has more than " + MOST_EVENTS
							+ " keys, values, brackets and documents: leave data to a database");
				}
				return super.getEvent();
			}

		};
	}

	private static boolean isNothing(Node node) {
		return node instanceof ScalarNode scalar && scalar.isPlain()
				&& STANDARD.resolve(NodeId.scalar, scalar.getValue(), true).equals(Tag.NULL);
	}

	private void readMapping(MappingNode mapping, String path) {
		Set<String> taken = new HashSet<>();
		for (NodeTuple tuple : mapping.getValue()) {
			Node keyNode = tuple.getKeyNode();
			String key = key(keyNode, path);
			if (key != null) {
				if (taken.add(key)) {
					readValue(tuple.getValueNode(), join(path, key), line(keyNode));
				}
				else {
					reading.refuse(line(keyNode), join(path, key), "stands twice in the same place: keep one of them");
				}
			}
		}
	}

	private void readValue(Node node, String name, int line) {
		reading.key(name);
		if (!isPlainTag(node)) {
			reading.refuse(line(node), null,
					"tags are not supported: remove it, or put a value that begins with ! in quotes");
		}
		else if (node instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
			readMapping(mapping, name);
		}
		else if (node instanceof SequenceNode sequence && !sequence.getValue().isEmpty()) {
			int index = 0;
			for (Node item : sequence.getValue()) {
				readValue(item, name + "[" + index++ + "]", line(item));
			}
		}
		else if (node instanceof ScalarNode scalar) {
			readScalar(scalar, name, line);
		}
		else {
			add(node, name, "", Form.EMPTY, line);
		}
	}

	private static boolean isPlainTag(Node node) {
		Tag tag = node.getTag();
		return tag.equals(Tag.STR) || tag.equals(Tag.MAP) || tag.equals(Tag.SEQ) || tag.equals(Tag.MERGE);
	}

	private void readScalar(ScalarNode scalar, String name, int line) {
		String value = scalar.getValue();
		String word = scalar.isPlain() ? value.toLowerCase(Locale.ROOT) : "";
		if (!value.isEmpty() && isNothing(scalar)) {
			reading.refuse(line, name, "YAML reads this as nothing: put it in quotes if it is a text,"
					+ " or write nothing behind the colon");
		}
		else if (WORDS_FOR_TRUE.contains(word)) {
			add(scalar, name, "true", Form.TRUE, line);
		}
		else if (WORDS_FOR_FALSE.contains(word)) {
			add(scalar, name, KeyNames.isLogLevel(name) ? value : "false", Form.FALSE, line);
		}
		else {
			add(scalar, name, value, OCTAL.matcher(word).matches() ? Form.OCTAL : Form.TEXT, line);
		}
	}

	private void add(Node node, String name, String value, Form form, int line) {
		int start = offsets[node.getStartMark().getIndex()];
		int end = offsets[node.getEndMark().getIndex()];
		// A block ends at the beginning of the line behind it.
		while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
			end--;
		}
		Place place = new Place(line(node), node.getStartMark().getColumn() + 1, start, end);
		settings.add(reading.setting(name, value, form, line, place));
	}

	private @Nullable String key(Node node, String path) {
		String reason;
		if (!(node instanceof ScalarNode scalar)) {
			reason = "a key must be a name: put a value that begins with { or [ in quotes";
		}
		else {
			Tag tag = scalar.isPlain() ? STANDARD.resolve(NodeId.scalar, scalar.getValue(), true) : Tag.STR;
			if (tag.equals(Tag.INT)) {
				return "[" + scalar.getValue() + "]";
			}
			if (tag.equals(Tag.MERGE)) {
				reason = "<< is not supported, because Spring Boot lets a merged key win over the one in place:"
						+ " write the keys out";
			}
			else if (!tag.equals(Tag.STR) && !tag.equals(Tag.TIMESTAMP)) {
				reason = "YAML reads the key in this line as a boolean, number or nothing: put it in quotes";
			}
			else if (!reading.isKey(scalar.getValue())) {
				reason = "the key in this line is no property name, which consists of letters, digits, dashes and dots:"
						+ " put the key of a map that has others in brackets and quotes, such as \"[/path]\"";
			}
			else {
				return scalar.getValue();
			}
		}
		reading.refuse(line(node), path.isEmpty() ? null : path, reason);
		return null;
	}

	private static String join(String path, String key) {
		return (path.isEmpty() || key.startsWith("[")) ? path + key : path + "." + key;
	}

	private static int line(Node node) {
		return node.getStartMark().getLine() + 1;
	}

}
