package com.example.platform.configclient.checking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.Json;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

/**
 * What Spring Boot's annotation processor has written about configuration properties.
 */
public final class ConfigurationMetadata {

	private static final String LOCATION = "classpath*:META-INF/spring-configuration-metadata.json";

	private static final String OF_A_TYPE = "META-INF/spring/configuration-metadata/%s.json";

	private static final String PLATFORM = "com.example.platform.";

	private final Map<String, Property> byName = new HashMap<>();

	private final Map<String, Property> bySource = new HashMap<>();

	ConfigurationMetadata(Collection<Property> properties) {
		for (Property property : properties) {
			byName.put(property.name, property);
			if (property.sourceType != null) {
				bySource.putIfAbsent(property.sourceType + "#" + lastElement(property.name), property);
			}
		}
	}

	/**
	 * Reads the metadata of the platform and of an application.
	 * @param packages the application's packages
	 * @param shipped the default that a starter ships for a key; {@code null} for none
	 * @return properties of the platform, and those whose classes are in the packages
	 */
	public static List<Property> read(Collection<String> packages, Function<String, @Nullable Object> shipped) {
		List<Property> properties = new ArrayList<>();
		try {
			for (Resource resource : new PathMatchingResourcePatternResolver().getResources(LOCATION)) {
				String json = resource.getContentAsString(StandardCharsets.UTF_8);
				// Most files are Spring's, and large.
				if (json.contains("\"platform.") || json.contains("\"" + PLATFORM)
						|| packages.stream().anyMatch((name) -> json.contains("\"" + name))) {
					Json.read(json, Metadata.class)
						.properties()
						.stream()
						.filter((property) -> property.isOf(packages))
						.map((property) -> property.orDefault(shipped))
						.forEach(properties::add);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The configuration metadata on the class path cannot be read", ex);
		}
		return properties;
	}

	/**
	 * Finds the property of a record's component. A record that is used in several places
	 * is described at one of them, or in a file of its own if it has
	 * {@code @ConfigurationPropertiesSource}.
	 */
	@Nullable Property find(String name, Class<?> declaring) {
		Property exact = byName.get(name);
		if (exact != null) {
			return exact;
		}
		String element = lastElement(name);
		Property elsewhere = bySource.get(declaring.getName() + "#" + element);
		return (elsewhere != null) ? elsewhere : ofItsOwn(declaring, element.equals("*") ? parent(name) : element);
	}

	private static @Nullable Property ofItsOwn(Class<?> declaring, String element) {
		Resource file = new ClassPathResource(OF_A_TYPE.formatted(declaring.getName()), declaring.getClassLoader());
		return file.exists()
				? properties(file).stream().filter((property) -> property.name.equals(element)).findFirst().orElse(null)
				: null;
	}

	private static String parent(String name) {
		return lastElement(name.substring(0, name.lastIndexOf('.')));
	}

	private static List<Property> properties(Resource file) {
		try {
			return Json.read(file.getContentAsString(StandardCharsets.UTF_8), Metadata.class).properties();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The configuration metadata on the class path cannot be read", ex);
		}
	}

	private static String lastElement(String name) {
		return name.substring(name.lastIndexOf('.') + 1);
	}

	private record Metadata(List<Property> properties) {
	}

	/**
	 * A property as the metadata has it.
	 *
	 * @param name the key
	 * @param type the value's type
	 * @param sourceType the class that declares it
	 * @param description what it means
	 * @param defaultValue what holds where nothing is configured
	 */
	public record Property(String name, @Nullable String type, @Nullable String sourceType,
			@Nullable String description, @Nullable Object defaultValue) {

		/** The record whose component it is; null when it is of none. */
		@Nullable Class<?> recordType() {
			if (sourceType == null) {
				return null;
			}
			String outermost = sourceType.contains("$") ? sourceType.substring(0, sourceType.indexOf('$')) : sourceType;
			ClassLoader classes = ConfigurationMetadata.class.getClassLoader();
			if (!ClassUtils.isPresent(outermost, classes)) {
				return null;
			}
			Class<?> type = ClassUtils.resolveClassName(outermost, classes);
			return (type.isRecord() && type.isAnnotationPresent(ConfigurationProperties.class)) ? type : null;
		}

		ConfigKey key(boolean live) {
			return new ConfigKey(name, (type != null) ? type : "java.lang.Object",
					(defaultValue != null) ? text(defaultValue) : null, live, description);
		}

		private static String text(Object value) {
			return (value instanceof List<?> many) ? many.stream().map(String::valueOf).collect(Collectors.joining(","))
					: String.valueOf(value);
		}

		private Property orDefault(Function<String, @Nullable Object> shipped) {
			return (defaultValue != null) ? this
					: new Property(name, type, sourceType, description, shipped.apply(name));
		}

		private boolean isOf(Collection<String> packages) {
			// Each endpoint has some, which Spring adds and obeys.
			if (name.startsWith("management.endpoint.")) {
				return false;
			}
			// A starter may make keys of Spring's live.
			return name.startsWith("platform.") || (sourceType != null && (sourceType.startsWith(PLATFORM)
					|| packages.stream().anyMatch((own) -> sourceType.startsWith(own + "."))));
		}

	}

}
