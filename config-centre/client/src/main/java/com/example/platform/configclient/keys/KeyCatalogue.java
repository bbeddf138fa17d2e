package com.example.platform.configclient.keys;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.liveconfiguration.KeyNames;
import com.example.platform.liveconfiguration.ValueType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The keys that are known to the parts of the system, in canonical kebab case. An
 * {@code *} between dots stands for the key of a map, at the end for one with dots, too.
 * If the catalogue knows no key below a map or list, all keys below are known. Indexes of
 * lists do not matter. Immutable.
 */
public final class KeyCatalogue {

	private static final ConfigurationPropertyName PLATFORM = ConfigurationPropertyName.of("platform");

	private static final String ANY = "*";

	private static final int LETTERS_PER_MISTAKE = 3;

	private final Map<String, ConfigKey> keys = new TreeMap<>();

	private final Node root = new Node(null, false);

	private final Set<String> capabilities = new TreeSet<>();

	private final List<ConfigurationPropertyName> complete;

	private KeyCatalogue(Collection<ConfigKey> keys, Collection<String> complete) {
		this.complete = complete.stream().distinct().map(KeyNames::of).toList();
		for (ConfigKey key : keys) {
			ConfigurationPropertyName name = KeyNames.of(key.name());
			if (PLATFORM.isAncestorOf(name)) {
				capabilities.add(name.getElement(1, Form.DASHED));
			}
			this.keys.put(key.name(), key);
			Node node = root;
			for (String element : elements(key.name())) {
				node = node.children.computeIfAbsent(element.replace("-", ""), (absent) -> new Node(null, false));
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
	 * Looks a key up.
	 * @param name a key in any spelling that Spring Boot accepts
	 * @return what is known of it; for a key below a map or list, what is known of that,
	 * with the type of its values; {@code null} for an unknown key
	 */
	public @Nullable ConfigKey find(String name) {
		return find(KeyNames.of(name));
	}

	private @Nullable ConfigKey find(ConfigurationPropertyName name) {
		boolean indexed = !name.isEmpty() && name.isNumericIndex(name.getNumberOfElements() - 1);
		return nodes(name).map((node) -> node.key(indexed)).filter(Objects::nonNull).findFirst().orElse(null);
	}

	// What stands for a name: what is written out before what any name leads to.
	private Stream<Node> nodes(ConfigurationPropertyName name) {
		Stream<Node> nodes = Stream.of(root);
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			if (!name.isNumericIndex(i)) {
				String element = name.getElement(i, Form.UNIFORM);
				nodes = nodes.flatMap((node) -> node.below(element));
			}
		}
		return nodes;
	}

	/**
	 * Tells whether there are keys below a name, so that it may stand without any.
	 * @param name a key in any spelling that Spring Boot accepts
	 * @return whether it is a part of a longer key
	 */
	public boolean isGroup(String name) {
		return nodes(KeyNames.of(name)).anyMatch((node) -> !node.children.isEmpty());
	}

	/**
	 * Tells whether a key that is not known is a mistake. Nobody knows all keys of Spring
	 * and of libraries. What belongs to a capability of the platform that no service has
	 * yet is no mistake either, since the configuration of a service comes before its
	 * first start; unless the capability looks like one that is known.
	 * @param name a key that {@link #find} does not know
	 * @return whether it is to be refused
	 */
	public boolean isMistaken(ConfigurationPropertyName name) {
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
	 * Finds the key that an unknown one would have to be a part of, although it has no
	 * parts: nobody would notice a list or a map in place of a text.
	 * @param name a key that is not known
	 * @return its name as it is written; {@code null} if there is none
	 */
	public @Nullable String singleAbove(ConfigurationPropertyName name) {
		for (int i = name.getNumberOfElements() - 1; i > 0; i--) {
			ConfigKey above = find(name.chop(i));
			if (above != null && new ValueType(above.type()).isSingle()) {
				return name.chop(i).toString();
			}
		}
		return null;
	}

	/**
	 * Returns the known key that is most like an unknown one.
	 * @param name a key that is not known
	 * @return a name with the keys of maps that the unknown one has; {@code null} if none
	 * is alike
	 */
	public @Nullable String nearest(String name) {
		ConfigurationPropertyName unknown = KeyNames.of(name);
		String spelled = name.replaceAll("\\[\\d+]", "");
		int most = Math.max(LETTERS_PER_MISTAKE, spelled.length() / LETTERS_PER_MISTAKE);
		return Spelling.nearest(spelled, keys.keySet().stream().map((known) -> writtenOut(known, unknown)).toList())
			.filter((nearest) -> Spelling.distance(spelled, nearest) <= most)
			.orElse(null);
	}

	private static String writtenOut(String known, ConfigurationPropertyName unknown) {
		List<String> elements = new ArrayList<>(elements(known));
		for (int i = 0; i < Math.min(elements.size(), unknown.getNumberOfElements()); i++) {
			if (elements.get(i).equals(ANY)) {
				elements.set(i, unknown.getElement(i, Form.ORIGINAL));
			}
		}
		return String.join(".", elements);
	}

	private static List<String> elements(String name) {
		return List.of(name.replaceAll("\\[\\d*]", "").split("\\."));
	}

	private static final class Node {

		private final Map<String, Node> children = new HashMap<>();

		private final boolean open;

		private @Nullable ConfigKey key;

		private Node(@Nullable ConfigKey key, boolean open) {
			this.key = key;
			this.open = open;
		}

		private Stream<Node> below(String element) {
			if (key == null || !children.isEmpty()) {
				return Stream.of(element, ANY).map(children::get).filter(Objects::nonNull);
			}
			ValueType below = open ? new ValueType(key.type()) : new ValueType(key.type()).named();
			if (below == null && key.name().endsWith("." + ANY)) {
				below = new ValueType(key.type());
			}
			return (below != null) ? Stream.of(new Node(withType(key, below), true)) : Stream.empty();
		}

		private @Nullable ConfigKey key(boolean indexed) {
			if (key == null || !indexed || open) {
				return key;
			}
			ValueType type = new ValueType(key.type());
			return type.isSingle() ? null : withType(key, type.indexed());
		}

		private static ConfigKey withType(ConfigKey key, ValueType type) {
			return new ConfigKey(key.name(), type.name(), key.defaultValue(), key.live(), key.description());
		}

	}

}
