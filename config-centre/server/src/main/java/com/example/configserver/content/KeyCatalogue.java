package com.example.configserver.content;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.Spelling;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.util.unit.DataSize;

/**
 * The keys that are known to the parts of the system, in canonical kebab case. An
 * {@code *} between dots stands for the key of a map. If the catalogue knows no key below
 * a map or list, all keys below are known. Indexes of lists do not matter. Immutable.
 */
public final class KeyCatalogue {

	private static final Pattern MAP = Pattern.compile("java\\.util\\.Map<.*?,\\s*(.+)>|java\\.util\\.Properties");

	private static final ConfigurationPropertyName PLATFORM = ConfigurationPropertyName.of("platform");

	private static final String OBJECT = "java.lang.Object";

	private static final Pattern LIST = Pattern.compile("java\\.util\\.(?:List|Set|Collection)<(.+)>|(.+)\\[]");

	private static final Pattern SINGLE = Pattern
		.compile("java\\.(?:lang|math|net|nio|time)\\..+|" + Pattern.quote(DataSize.class.getName()));

	private static final String ANY = "*";

	private static final int LETTERS_PER_MISTAKE = 3;

	private final Map<String, ConfigKey> keys = new TreeMap<>();

	private final Node root = new Node();

	private final Set<String> capabilities = new TreeSet<>();

	private final List<ConfigurationPropertyName> complete;

	private KeyCatalogue(Collection<ConfigKey> keys, Collection<String> complete) {
		this.complete = complete.stream().distinct().map(PropertyKeys::canonical).toList();
		for (ConfigKey key : keys) {
			ConfigurationPropertyName name = PropertyKeys.canonical(key.name());
			if (PLATFORM.isAncestorOf(name)) {
				capabilities.add(name.getElement(1, Form.DASHED));
			}
			this.keys.put(key.name(), key);
			Node node = root;
			for (String element : elements(key.name())) {
				node = node.children.computeIfAbsent(element.replace("-", ""), (absent) -> new Node());
			}
			node.key = key;
		}
	}

	/**
	 * Makes a catalogue.
	 * @param keys what is known; of keys with the same name the last one counts
	 * @param complete groups of which all keys are known, in canonical form
	 * @return the catalogue
	 */
	public static KeyCatalogue of(Collection<ConfigKey> keys, Collection<String> complete) {
		return new KeyCatalogue(keys, complete);
	}

	/**
	 * Tells whether a key that is not known is a mistake. Nobody knows all keys of Spring
	 * and of libraries. What belongs to a capability of the platform that no service has
	 * yet is no mistake either, since the configuration of a service comes before its
	 * first start; unless the capability looks like one that is known.
	 * @param name a key
	 */
	boolean isMistaken(ConfigurationPropertyName name) {
		if (!PLATFORM.equals(name) && !PLATFORM.isAncestorOf(name)) {
			return complete.stream().anyMatch((group) -> group.equals(name) || group.isAncestorOf(name));
		}
		if (name.getNumberOfElements() < 2) {
			return !keys.isEmpty();
		}
		String capability = name.getElement(1, Form.DASHED);
		return capabilities.stream()
			.anyMatch((known) -> Spelling.distance(known, capability) <= known.length() / LETTERS_PER_MISTAKE);
	}

	/**
	 * Looks a key up.
	 * @param name a key in any spelling that Spring Boot accepts
	 * @return what is known of it; for a key below a map or list, what is known of that,
	 * with the type of its values; {@code null} for an unknown key
	 */
	public @Nullable ConfigKey find(String name) {
		return find(root, PropertyKeys.canonical(name), 0);
	}

	private static @Nullable ConfigKey find(Node node, ConfigurationPropertyName name, int element) {
		int next = element;
		while (next < name.getNumberOfElements() && name.isNumericIndex(next)) {
			next++;
		}
		if (next == name.getNumberOfElements()) {
			if (node.key == null || next == element) {
				return node.key;
			}
			return isSingle(node.key.type()) ? null : withType(node.key, valueType(node.key.type()));
		}
		for (String child : List.of(name.getElement(next, Form.UNIFORM), ANY)) {
			Node found = node.children.get(child);
			ConfigKey key = (found != null) ? find(found, name, next + 1) : null;
			if (key != null) {
				return key;
			}
		}
		if (node.key != null && node.children.isEmpty()) {
			Matcher map = MAP.matcher(node.key.type());
			if (map.matches()) {
				return withType(node.key, (map.group(1) != null) ? map.group(1) : String.class.getName());
			}
			if (LIST.matcher(node.key.type()).matches() || node.key.type().equals(OBJECT)) {
				return withType(node.key, OBJECT);
			}
		}
		return null;
	}

	/**
	 * Finds the key that an unknown one would have to be a part of, although it has no
	 * parts: nobody would notice a list or a map in place of a text.
	 * @param name a key that is not known
	 * @return its name as it is written; {@code null} if there is none
	 */
	@Nullable String singleAbove(ConfigurationPropertyName name) {
		for (int i = name.getNumberOfElements() - 1; i > 0; i--) {
			ConfigKey above = find(root, name.chop(i), 0);
			if (above != null && isSingle(above.type())) {
				return name.chop(i).toString();
			}
		}
		return null;
	}

	/**
	 * Tells whether a type is known to have no elements and no keys.
	 */
	static boolean isSingle(String type) {
		return SINGLE.matcher(type).matches() && !type.equals(OBJECT) && !LIST.matcher(type).matches();
	}

	/**
	 * Tells whether there are keys below a name, so that it may stand without any.
	 */
	boolean isGroup(String name) {
		ConfigurationPropertyName group = PropertyKeys.canonical(name);
		List<Node> nodes = List.of(root);
		for (int i = 0; i < group.getNumberOfElements(); i++) {
			if (group.isNumericIndex(i)) {
				continue;
			}
			List<Node> below = new ArrayList<>();
			for (Node node : nodes) {
				for (String child : List.of(group.getElement(i, Form.UNIFORM), ANY)) {
					if (node.children.containsKey(child)) {
						below.add(node.children.get(child));
					}
				}
			}
			nodes = below;
		}
		return nodes.stream().anyMatch((node) -> !node.children.isEmpty());
	}

	/**
	 * Returns the known key that is most like an unknown one.
	 * @return its name; {@code null} if none is alike
	 */
	@Nullable String nearest(String name) {
		ConfigurationPropertyName unknown = PropertyKeys.canonical(name);
		String spelled = name.replaceAll("\\[\\d+]", "");
		String nearest = null;
		int least = Math.max(3, spelled.length() / 3) + 1;
		for (String known : keys.keySet()) {
			List<String> elements = new ArrayList<>(elements(known));
			for (int i = 0; i < elements.size(); i++) {
				if (elements.get(i).equals(ANY) && i < unknown.getNumberOfElements()) {
					elements.set(i, unknown.getElement(i, Form.ORIGINAL));
				}
			}
			String candidate = String.join(".", elements);
			int distance = Spelling.distance(spelled, candidate);
			if (distance < least) {
				least = distance;
				nearest = candidate;
			}
		}
		return nearest;
	}

	private static List<String> elements(String name) {
		return List.of(name.replaceAll("\\[\\d*]", "").split("\\."));
	}

	/**
	 * Returns the type of the elements of a list.
	 * @return its name; {@code null} if the type is no list's
	 */
	static @Nullable String elementType(String type) {
		Matcher list = LIST.matcher(type);
		return list.matches() ? ((list.group(1) != null) ? list.group(1) : list.group(2)) : null;
	}

	private static String valueType(String type) {
		String element = elementType(type);
		Matcher map = MAP.matcher(type);
		String value = (map.matches() && map.group(1) != null) ? map.group(1) : OBJECT;
		return (element != null) ? element : value;
	}

	private static ConfigKey withType(ConfigKey key, String type) {
		return new ConfigKey(key.name(), type, key.defaultValue(), key.live(), key.description());
	}

	private static final class Node {

		private final Map<String, Node> children = new HashMap<>();

		private @Nullable ConfigKey key;

	}

}
