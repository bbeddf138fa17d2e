package com.example.configserver.content;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import com.example.platform.configrefresh.Problem;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.StreamReader;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin.Location;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * A file that was read without a problem. Immutable.
 */
final class ConfigurationFile {

	private static final String ON_PROFILE = "spring.config.activate.on-profile";

	private final String name;

	private final String text;

	private final List<List<Entry>> entries;

	private final List<Document> documents;

	private ConfigurationFile(String name, String text, List<List<Entry>> entries, List<Document> documents) {
		this.name = name;
		this.text = text;
		this.entries = entries;
		this.documents = documents;
	}

	/**
	 * Reads a file.
	 * @param problems gets what is wrong
	 * @return the file; {@code null} if there is a problem
	 */
	static @Nullable ConfigurationFile read(String name, byte[] content, List<Problem> problems) {
		int before = problems.size();
		String text = text(name, content, problems);
		if (text == null) {
			return null;
		}
		List<List<Entry>> entries = isYaml(name) ? YamlReader.read(name, text, problems)
				: PropertiesReader.read(name, text, problems);
		if (entries.isEmpty() && problems.size() == before) {
			problems.add(new Problem(name, null, null,
					"is empty: if that is meant, leave it with the single line {}, so that it cannot be"
							+ " taken for one that was not yet written"));
		}
		entries.forEach((document) -> findDuplicates(name, document, problems));
		if (problems.size() > before) {
			return null;
		}
		List<Document> documents = documents(name, text, entries, problems);
		return (problems.size() > before) ? null : new ConfigurationFile(name, text, entries, documents);
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

	private static void findDuplicates(String name, List<Entry> document, List<Problem> problems) {
		Map<ConfigurationPropertyName, Entry> seen = new HashMap<>();
		for (Entry entry : document) {
			Entry earlier = seen.putIfAbsent(PropertyKeys.canonical(entry.key()), entry);
			if (earlier != null) {
				// What an alias brings along may stand further above.
				boolean inOrder = earlier.line() <= entry.line();
				Entry first = inOrder ? earlier : entry;
				Entry second = inOrder ? entry : earlier;
				String kind = first.key().equals(second.key()) ? "is the same key as in line "
						: "is another spelling of " + first.key() + " in line ";
				problems
					.add(new Problem(name, second.line(), second.key(), kind + first.line() + ": keep one of them"));
			}
		}
	}

	private static List<Document> documents(String name, String text, List<List<Entry>> entries,
			List<Problem> problems) {
		if (entries.stream().allMatch(List::isEmpty)) {
			return List.of();
		}
		List<Document> documents = new ArrayList<>();
		try {
			List<PropertySource<?>> sources = load(name, text);
			for (int i = 0; i < sources.size(); i++) {
				PropertySource<?> source = sources.get(i);
				List<Setting> settings = settings(name, (OriginTrackedMapPropertySource) source,
						(sources.size() == entries.size()) ? entries.get(i) : List.of());
				String[] onProfile = new Binder(ConfigurationPropertySources.from(source))
					.bind(ON_PROFILE, String[].class)
					.orElseGet(() -> new String[0]);
				documents.add(document(source.getName(), settings, onProfile, problems));
			}
		}
		catch (YAMLException ex) {
			problems.add(YamlReader.problem(name, text, ex));
		}
		// What YAML's own constructors throw for a value that does not fit its tag.
		catch (IllegalArgumentException ex) {
			problems.add(new Problem(name, null, null, "has a value that does not fit its YAML tag: remove the tag"));
		}
		return documents;
	}

	private static Document document(String name, List<Setting> settings, String[] onProfile, List<Problem> problems) {
		try {
			return new Document(name, settings, onProfile);
		}
		catch (IllegalArgumentException ex) {
			settings.stream()
				.filter((setting) -> PropertyKeys.canonical(ON_PROFILE)
					.compareTo(PropertyKeys.canonical(setting.key())) == 0
						|| PropertyKeys.canonical(ON_PROFILE).isAncestorOf(PropertyKeys.canonical(setting.key())))
				.findFirst()
				.ifPresent((setting) -> problems
					.add(setting.problem("must be profiles such as dev, or expressions such as dev & !cloud")));
			return new Document(name, settings);
		}
	}

	private static List<PropertySource<?>> load(String name, String text) {
		ByteArrayResource resource = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8));
		try {
			return isYaml(name) ? new YamlPropertySourceLoader().load(name, resource)
					: new PropertiesPropertySourceLoader().load(name, resource, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Reading from memory does not fail", ex);
		}
	}

	private static List<Setting> settings(String file, OriginTrackedMapPropertySource source, List<Entry> entries) {
		Map<String, Integer> lines = new HashMap<>();
		entries.forEach((entry) -> lines.put(entry.key(), entry.line()));
		List<Setting> settings = new ArrayList<>();
		for (String key : source.getPropertyNames()) {
			// Null is what Spring Boot makes of an empty document beside others.
			Object value = (key != null) ? source.getProperty(key) : null;
			if (value == null) {
				continue;
			}
			Location location = (source.getOrigin(key) instanceof TextResourceOrigin origin) ? origin.getLocation()
					: null;
			Integer line = lines.get(key);
			if (line == null && location != null) {
				line = location.getLine() + 1;
			}
			String origin = file + ((location != null) ? ":" + location : (line != null) ? ":" + line : "");
			settings.add(new Setting(file, key, value, line, origin));
		}
		return settings;
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
		TreeMap<Integer, Entry> secrets = new TreeMap<>();
		for (List<Entry> document : entries) {
			for (Entry entry : document) {
				if (!Masking.mask(entry.key(), entry.value()).equals(entry.value())) {
					secrets.put(entry.start(), entry);
				}
			}
		}
		StringBuilder masked = new StringBuilder();
		int position = 0;
		for (Entry entry : secrets.values()) {
			String shown = Masking.mask(entry.key(), entry.value());
			masked.append(text, position, entry.start())
				.append(isYaml(name) ? "'" + shown.replace("'", "''") + "'" : shown);
			position = entry.end();
		}
		return Masking.maskComments(masked.append(text, position, text.length()).toString());
	}

}
