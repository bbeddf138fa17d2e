package com.example.configserver.content;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.configserver.history.History;
import com.example.platform.configclient.keys.Precedence;
import com.example.platform.liveconfiguration.KeyNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * The files of one revision, parsed. Immutable; equal only to itself.
 */
public final class Configuration {

	private static final String ALL = "application";

	private static final String SERVICE = "-service";

	// Spring's name for it.
	private static final List<String> WITHOUT_PROFILE = List.of("default");

	// The latter wins if a service has several.
	private static final List<String> EXTENSIONS = List.of(".yaml", ".yml", ".properties");

	private final SortedMap<String, ConfigurationFile> files;

	private final int weight;

	private Configuration(SortedMap<String, ConfigurationFile> files, int weight) {
		this.files = files;
		this.weight = weight;
	}

	/**
	 * Parses all files.
	 * @param files content by name; of what exceeds the limits of {@link History}, one
	 * byte or file more is enough
	 * @return the configuration, if all files are readable, unambiguous and not empty,
	 * and together no more than a server can hold
	 * @throws RefusedException with the problems of all files
	 */
	public static Configuration parse(SortedMap<String, byte[]> files) {
		SortedMap<String, ConfigurationFile> parsed = new TreeMap<>();
		Reading reading = new Reading();
		files.forEach((name, content) -> {
			reading.begin(name, content.length);
			if (EXTENSIONS.stream().anyMatch(name::endsWith)) {
				parsed.put(name, ConfigurationFile.read(name, content, reading));
			}
			else {
				reading.refuse(null, null, "must end in .yml, .yaml or .properties");
			}
		});
		if (!reading.problems().isEmpty()) {
			throw new RefusedException(reading.problems());
		}
		return new Configuration(parsed, reading.weight());
	}

	/**
	 * Returns about how much memory the configuration takes.
	 * @return bytes, within a factor of about two
	 */
	public int weight() {
		return weight;
	}

	/**
	 * Returns the services that have a file of their own. A name that begins with that of
	 * another service, such as order-service-dev, may stand for that service with a
	 * profile; it does unless it is known, or both are named as services are here.
	 * @param known services that are known otherwise
	 * @return names, sorted
	 */
	public List<String> services(Set<String> known) {
		Set<String> stems = files.keySet()
			.stream()
			.filter((name) -> !name.contains("/"))
			.map(Configuration::stem)
			.collect(Collectors.toCollection(TreeSet::new));
		stems.add(ALL);
		return stems.stream()
			.filter((stem) -> !stem.equals(ALL))
			.filter((stem) -> known.contains(stem) || stem.endsWith(SERVICE)
					|| stems.stream().noneMatch((other) -> stem.startsWith(other + "-")))
			.toList();
	}

	private static String stem(String file) {
		return file.substring(0, file.lastIndexOf('.'));
	}

	/**
	 * Tells whether a file says anything to a service, with whatever profiles.
	 * @param file name of the file
	 * @param service name of the service
	 * @return whether it is the service's own, or one for all
	 */
	public static boolean concerns(String file, String service) {
		String stem = stem(file);
		return stem.equals(service) || stem.startsWith(service + "-") || stem.equals(ALL) || stem.startsWith(ALL + "-");
	}

	/**
	 * Tells whether what concerns a service counts for some of its instances alone.
	 */
	static boolean needsProfile(Document document, String service) {
		return !document.applies(WITHOUT_PROFILE) || !List.of(service, ALL).contains(stem(document.file()));
	}

	/**
	 * Returns the names of the files.
	 * @return names, sorted
	 */
	public List<String> files() {
		return List.copyOf(files.keySet());
	}

	/**
	 * Returns the text of a file for people to look at: as it is, but each secret is
	 * masked. A secret is what is encrypted, what stands under a key that is named like
	 * one, a password in a URL, and what looks like one of these in a comment.
	 * @param file name of a file
	 * @return its text with {@code \n} at the end of each line; {@code null} if there is
	 * no such file
	 */
	public @Nullable String text(String file) {
		ConfigurationFile found = files.get(file);
		return (found != null) ? found.maskedText() : null;
	}

	@Nullable ConfigurationFile file(String name) {
		return files.get(name);
	}

	/**
	 * Returns all documents, whenever they apply, in the order of the files.
	 */
	Stream<Document> documents() {
		return files.values().stream().flatMap((file) -> file.documents().stream());
	}

	/**
	 * Returns all settings, whenever they apply, in the order of the files: as a list,
	 * since a stream of streams looks at a whole file, however few are asked for.
	 */
	List<Setting> settings() {
		return documents().flatMap((document) -> document.settings().stream()).toList();
	}

	/**
	 * Returns the documents that apply, in the order of Spring Boot: what is specific to
	 * a profile before what is not, what is specific to an application before what is for
	 * all, and later before earlier.
	 * @param applications names; the last one wins
	 * @param profiles active profiles; the last one wins
	 * @return documents; the first one wins
	 */
	List<Document> documents(List<String> applications, List<String> profiles) {
		Set<String> names = new LinkedHashSet<>(List.of(ALL));
		names.addAll(applications);
		List<Document> documents = new ArrayList<>();
		names.forEach((name) -> add(name, profiles, documents));
		for (String profile : profiles) {
			names.forEach((name) -> add(name + "-" + profile, profiles, documents));
		}
		Collections.reverse(documents);
		return documents;
	}

	private void add(String stem, List<String> profiles, List<Document> documents) {
		for (String extension : EXTENSIONS) {
			ConfigurationFile file = files.get(stem + extension);
			if (file != null) {
				file.documents().stream().filter((document) -> document.applies(profiles)).forEach(documents::add);
			}
		}
	}

	/**
	 * Returns what a service without profiles gets.
	 */
	Map<ConfigurationPropertyName, Setting> effective(String service) {
		Map<ConfigurationPropertyName, Setting> effective = new LinkedHashMap<>();
		Precedence precedence = new Precedence();
		for (Document document : documents(List.of(service), WITHOUT_PROFILE)) {
			for (Setting setting : document.settings()) {
				ConfigurationPropertyName name = KeyNames.of(setting.key());
				if (precedence.take(name, document.name())) {
					effective.put(name, setting);
				}
			}
		}
		return effective;
	}

}
