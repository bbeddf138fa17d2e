package com.example.platform.configclient.keys;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Tells which values are in force where several files have some, as Spring Boot does with
 * property sources: all spellings of a key are one key, and a list is taken as a whole
 * from one file. For use by one thread.
 */
public final class Precedence {

	private final Set<ConfigurationPropertyName> taken = new HashSet<>();

	private final Map<ConfigurationPropertyName, Object> lists = new HashMap<>();

	/**
	 * Looks at the next value. What is stronger has to come first.
	 * @param name its key
	 * @param source where it stands
	 * @return whether it is in force; {@code false} if what came before hides it
	 */
	public boolean take(ConfigurationPropertyName name, Object source) {
		boolean hidden = taken.contains(name) || !lists.getOrDefault(name, source).equals(source);
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			if (name.isNumericIndex(i)) {
				ConfigurationPropertyName list = name.chop(i);
				Object owner = lists.computeIfAbsent(list, (absent) -> source);
				hidden |= taken.contains(list) || !owner.equals(source);
			}
		}
		return !hidden && taken.add(name);
	}

}
