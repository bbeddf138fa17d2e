package com.example.configserver.content;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.example.configserver.history.History;
import com.example.platform.liveconfiguration.KeyNames;
import org.yaml.snakeyaml.reader.StreamReader;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * A file of the configuration.
 *
 * @param name its name
 * @param text its text
 * @param documents those that are not empty
 */
record ConfigurationFile(String name, String text, List<Document> documents) {

	/**
	 * Reads a file.
	 * @param reading gets what is wrong
	 * @return the file; incomplete if it is refused
	 * @throws RefusedException if the file holds too much
	 */
	static ConfigurationFile read(String name, byte[] content, Reading reading) {
		String text = text(content, reading);
		List<List<Setting>> read = isYaml(name) ? YamlReader.read(text, reading) : PropertiesReader.read(text, reading);
		if (read.isEmpty() && !reading.isFileRefused()) {
			reading.refuse(null, null, "is empty: if that is meant, leave it with the single line {}, so that it"
					+ " cannot be taken for one that was not yet written");
		}
		List<Document> documents = new ArrayList<>();
		for (List<Setting> settings : read) {
			findDuplicates(settings, reading);
			if (!settings.isEmpty()) {
				documents.add(new Document((read.size() > 1) ? name + " (document #" + documents.size() + ")" : name,
						List.copyOf(settings), Activation.read(settings, reading)));
			}
		}
		return new ConfigurationFile(name, text, documents);
	}

	private static String text(byte[] content, Reading reading) {
		if (content.length > History.LARGEST_FILE) {
			reading.refuse(null, null, "is longer than 1 MiB: split it");
			return "";
		}
		// What is not UTF-8 becomes a control character, which is refused, too.
		CharBuffer characters = CharBuffer.allocate(content.length);
		StandardCharsets.UTF_8.newDecoder()
			.onMalformedInput(CodingErrorAction.REPLACE)
			.replaceWith("\0")
			.decode(ByteBuffer.wrap(content), characters, true);
		String text = characters.flip().toString();
		long good = text.codePoints().takeWhile(ConfigurationFile::isText).count();
		if (good < text.codePointCount(0, text.length())) {
			long breaks = text.codePoints().limit(good).filter((character) -> character == '\n').count();
			reading.refuse(1 + (int) breaks, null,
					"is binary: a configuration file is text in UTF-8 without control characters");
			return "";
		}
		return text.startsWith("\uFEFF") ? text.substring(1) : text;
	}

	private static boolean isText(int character) {
		return StreamReader.isPrintable(character) && character != '\u0085';
	}

	private static void findDuplicates(List<Setting> document, Reading reading) {
		Map<ConfigurationPropertyName, Setting> seen = new HashMap<>();
		for (Setting setting : document) {
			Setting earlier = seen.putIfAbsent(KeyNames.of(setting.key()), setting);
			if (earlier != null) {
				// What an alias brings along may stand further above.
				boolean inOrder = earlier.line() <= setting.line();
				Setting first = inOrder ? earlier : setting;
				Setting second = inOrder ? setting : earlier;
				String kind = first.key().equals(second.key()) ? "is the same key as in line "
						: "is another spelling of " + first.key() + " in line ";
				reading.refuse(second.line(), second.key(), kind + first.line() + ": keep one of them");
			}
		}
	}

	private static boolean isYaml(String name) {
		return !name.endsWith(".properties");
	}

	/**
	 * Returns the file's text, as it is but without secrets.
	 */
	String maskedText() {
		Map<Integer, Setting> secrets = new TreeMap<>();
		documents.stream()
			.flatMap((document) -> document.settings().stream())
			.filter((setting) -> !setting.shown().equals(setting.value()))
			.forEach((setting) -> secrets.put(setting.place().start(), setting));
		StringBuilder masked = new StringBuilder();
		int position = 0;
		for (Setting setting : secrets.values()) {
			masked.append(text, position, setting.place().start())
				.append(isYaml(name) ? "'" + setting.shown().replace("'", "''") + "'" : setting.shown());
			position = setting.place().end();
		}
		return Masking.maskComments(masked.append(text, position, text.length()).toString());
	}

	@Override
	public String toString() {
		return name;
	}

}
