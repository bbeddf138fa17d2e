package com.example.configserver.content;

import java.util.ArrayList;
import java.util.Collection;
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

import com.example.configserver.history.History;
import com.example.platform.configprotocol.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * The files of one revision, parsed. Immutable; equal only to itself.
 */
public final class Configuration {

	private static final String ALL = "application";

	private static final String SERVICE = "-service";

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
		List<Problem> problems = atMost(RefusedException.MOST);
		Budget budget = new Budget();
		long bytes = 0;
		for (Map.Entry<String, byte[]> file : files.entrySet()) {
			bytes += file.getValue().length;
			String excess = (bytes > History.LARGEST_REVISION) ? "brings the configuration to more than 4 MiB"
					: (parsed.size() == History.MOST_FILES)
							? "is one file too many: a configuration has at most " + History.MOST_FILES : null;
			if (excess == null) {
				excess = parse(file.getKey(), file.getValue(), budget, parsed, problems);
			}
			if (excess != null) {
				List<Problem> all = new ArrayList<>(problems);
				all.add(new Problem(file.getKey(), null, null, excess));
				throw new RefusedException(all);
			}
		}
		if (!problems.isEmpty()) {
			throw new RefusedException(problems);
		}
		return new Configuration(parsed, (int) bytes + budget.weight());
	}

	// A few aliases of a mapping with mistakes could make millions of them.
	private static List<Problem> atMost(int number) {
		return new ArrayList<>() {

			@Override
			public boolean add(Problem problem) {
				if (size() == number) {
					throw new Budget.ExceededException("has too many mistakes to be read on");
				}
				return super.add(problem);
			}

		};
	}

	// Returns why no more can be read.
	private static @Nullable String parse(String name, byte[] content, Budget budget,
			SortedMap<String, ConfigurationFile> parsed, List<Problem> problems) {
		if (EXTENSIONS.stream().noneMatch(name::endsWith)) {
			problems.add(new Problem(name, null, null, "must end in .yml, .yaml or .properties"));
			return null;
		}
		try {
			ConfigurationFile file = ConfigurationFile.read(name, content, budget, problems);
			if (file != null) {
				parsed.put(name, file);
			}
			return null;
		}
		catch (Budget.ExceededException ex) {
			return ex.getMessage();
		}
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
			.map((name) -> name.substring(0, name.lastIndexOf('.')))
			.collect(Collectors.toCollection(TreeSet::new));
		stems.add(ALL);
		return stems.stream()
			.filter((stem) -> !stem.equals(ALL))
			.filter((stem) -> known.contains(stem) || stem.endsWith(SERVICE)
					|| stems.stream().noneMatch((other) -> stem.startsWith(other + "-")))
			.toList();
	}

	/**
	 * Tells whether a file says anything to a service, with whatever profiles.
	 * @param file name of the file
	 * @param service name of the service
	 * @return whether it is the service's own, or one for all
	 */
	public static boolean concerns(String file, String service) {
		String stem = file.substring(0, file.lastIndexOf('.'));
		return stem.equals(service) || stem.startsWith(service + "-") || stem.equals(ALL) || stem.startsWith(ALL + "-");
	}

	/**
	 * Tells whether what concerns a service counts for some of its instances alone.
	 */
	static boolean needsProfile(String file, Document document, String service) {
		String stem = file.substring(0, file.lastIndexOf('.'));
		return !document.applies(List.of("default")) || !(stem.equals(service) || stem.equals(ALL));
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

	Collection<ConfigurationFile> parsedFiles() {
		return files.values();
	}

	@Nullable ConfigurationFile file(String name) {
		return files.get(name);
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
	 * Returns what a service without profiles gets. As in Spring Boot, a list that stands
	 * in two documents is not mixed.
	 */
	Map<ConfigurationPropertyName, Setting> effective(String service) {
		Map<ConfigurationPropertyName, Setting> effective = new LinkedHashMap<>();
		Map<ConfigurationPropertyName, Document> lists = new LinkedHashMap<>();
		for (Document document : documents(List.of(service), List.of("default"))) {
			for (Setting setting : document.settings()) {
				ConfigurationPropertyName name = PropertyKeys.canonical(setting.key());
				boolean hidden = false;
				for (int i = 0; i < name.getNumberOfElements(); i++) {
					if (name.isNumericIndex(i)) {
						hidden |= lists.computeIfAbsent(name.chop(i), (list) -> document) != document;
					}
				}
				if (!hidden) {
					effective.putIfAbsent(name, setting);
				}
			}
		}
		return effective;
	}

}
