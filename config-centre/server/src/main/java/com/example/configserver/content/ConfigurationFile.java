package com.example.configserver.content;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.example.configserver.history.History;
import com.example.platform.configprotocol.Problem;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.reader.StreamReader;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * A file that was read without a problem. Immutable.
 */
final class ConfigurationFile {

	private final String name;

	private final String text;

	private final List<Document> documents;

	private ConfigurationFile(String name, String text, List<Document> documents) {
		this.name = name;
		this.text = text;
		this.documents = documents;
	}

	/**
	 * Reads a file.
	 * @param budget what the file may use up
	 * @param problems gets what is wrong
	 * @return the file; {@code null} if there is a problem
	 * @throws Budget.ExceededException if the file holds too much
	 */
	static @Nullable ConfigurationFile read(String name, byte[] content, Budget budget, List<Problem> problems) {
		int before = problems.size();
		String text = text(name, content, problems);
		if (text == null) {
			return null;
		}
		List<List<Setting>> read = isYaml(name) ? YamlReader.read(name, text, budget, problems)
				: PropertiesReader.read(name, text, budget, problems);
		if (read.isEmpty() && problems.size() == before) {
			problems.add(new Problem(name, null, null,
					"is empty: if that is meant, leave it with the single line {}, so that it cannot be"
							+ " taken for one that was not yet written"));
		}
		List<Document> documents = new ArrayList<>();
		for (List<Setting> settings : read) {
			findDuplicates(name, settings, problems);
			if (!settings.isEmpty()) {
				documents.add(new Document((read.size() > 1) ? name + " (document #" + documents.size() + ")" : name,
						settings, Activation.read(settings, problems)));
			}
		}
		return (problems.size() > before) ? null : new ConfigurationFile(name, text, documents);
	}

	private static @Nullable String text(String name, byte[] content, List<Problem> problems) {
		if (content.length > History.LARGEST_FILE) {
			problems.add(new Problem(name, null, null, "is longer than 1 MiB: split it"));
			return null;
		}
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
		ByteBuffer bytes = ByteBuffer.wrap(content);
		CharBuffer characters = CharBuffer.allocate(content.length);
		CoderResult result = decoder.decode(bytes, characters, true);
		String text = characters.flip().toString();
		int offset = 0;
		while (offset < text.length() && isText(text.codePointAt(offset))) {
			offset += Character.charCount(text.codePointAt(offset));
		}
		if (result.isError() || offset < text.length()) {
			problems.add(new Problem(name, 1 + (int) text.chars().limit(offset).filter((c) -> c == '\n').count(), null,
					"is binary: a configuration file is text in UTF-8 without control characters"));
			return null;
		}
		return text.startsWith("\uFEFF") ? text.substring(1) : text;
	}

	private static boolean isText(int character) {
		return StreamReader.isPrintable(character) && character != '\u0085';
	}

	private static void findDuplicates(String name, List<Setting> document, List<Problem> problems) {
		Map<ConfigurationPropertyName, Setting> seen = new HashMap<>();
		for (Setting entry : document) {
			Setting earlier = seen.putIfAbsent(PropertyKeys.canonical(entry.key()), entry);
			if (earlier != null) {
				// What an alias brings along may stand further above.
				boolean inOrder = earlier.line() <= entry.line();
				Setting first = inOrder ? earlier : entry;
				Setting second = inOrder ? entry : earlier;
				String kind = first.key().equals(second.key()) ? "is the same key as in line "
						: "is another spelling of " + first.key() + " in line ";
				problems
					.add(new Problem(name, second.line(), second.key(), kind + first.line() + ": keep one of them"));
			}
		}
	}

	private static boolean isYaml(String name) {
		return !name.endsWith(".properties");
	}

	String name() {
		return name;
	}

	List<Document> documents() {
		return documents;
	}

	/**
	 * Returns the file's text, as it is but without secrets.
	 */
	String maskedText() {
		TreeMap<Integer, Setting> secrets = new TreeMap<>();
		for (Document document : documents) {
			for (Setting setting : document.settings()) {
				if (!Masking.mask(setting.key(), setting.value()).equals(setting.value())) {
					secrets.put(setting.place().start(), setting);
				}
			}
		}
		StringBuilder masked = new StringBuilder();
		int position = 0;
		for (Setting setting : secrets.values()) {
			String shown = Masking.mask(setting.key(), setting.value());
			masked.append(text, position, setting.place().start())
				.append(isYaml(name) ? "'" + shown.replace("'", "''") + "'" : shown);
			position = setting.place().end();
		}
		return Masking.maskComments(masked.append(text, position, text.length()).toString());
	}

}
