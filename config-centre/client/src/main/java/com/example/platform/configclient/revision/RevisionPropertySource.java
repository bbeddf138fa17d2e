package com.example.platform.configclient.revision;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.example.platform.configclient.revision.RevisionContent.Property;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.example.platform.liveconfiguration.KeyNames;
import com.example.platform.liveconfiguration.SecretHolder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * The place of the config server's properties in the environment. A new revision is put
 * in by one volatile write: whoever reads sees all of one revision or all of another.
 */
public final class RevisionPropertySource extends EnumerablePropertySource<String>
		implements OriginLookup<String>, SecretHolder {

	/**
	 * Its name in the environment.
	 */
	public static final String NAME = "configserver";

	// Shorter ones are parts of other words, too.
	private static final int SHORTEST_SECRET = 4;

	private final String service;

	private final String profiles;

	// Of earlier revisions, too: beans may still hold them.
	private final Set<String> secrets = ConcurrentHashMap.newKeySet();

	private volatile Loaded loaded;

	/**
	 * Creates the property source.
	 * @param service the service that it was asked for
	 * @param profiles its profiles, separated by commas
	 * @param content the revision to begin with
	 * @param from where that came from
	 */
	public RevisionPropertySource(String service, String profiles, RevisionContent content, Source from) {
		super(NAME, NAME);
		this.service = service;
		this.profiles = profiles;
		this.loaded = new Loaded(content, from);
		secrets.addAll(content.secrets());
	}

	/**
	 * Finds it in an environment.
	 * @param environment the environment of an application
	 * @return {@code null} when the application took nothing from a config server
	 */
	public static @Nullable RevisionPropertySource in(ConfigurableEnvironment environment) {
		PropertySource<?> found = environment.getPropertySources().get(NAME);
		return (found instanceof RevisionPropertySource source) ? source : null;
	}

	public String service() {
		return service;
	}

	public String profiles() {
		return profiles;
	}

	public RevisionContent content() {
		return loaded.content;
	}

	/** The same place with another revision, for a look at it. */
	public RevisionPropertySource with(RevisionContent next) {
		return new RevisionPropertySource(service, profiles, next, Source.SERVER);
	}

	public Source from() {
		return loaded.from;
	}

	public void replace(RevisionContent next) {
		secrets.addAll(next.secrets());
		loaded = new Loaded(next, Source.SERVER);
	}

	@Override
	public String[] getPropertyNames() {
		return loaded.names;
	}

	@Override
	public boolean containsProperty(String name) {
		return loaded.properties().containsKey(name);
	}

	@Override
	public @Nullable Object getProperty(String name) {
		Property property = loaded.properties().get(name);
		return (property != null) ? property.value() : null;
	}

	@Override
	public @Nullable Origin getOrigin(String name) {
		Property property = loaded.properties().get(name);
		return (property != null && property.origin() != null) ? FileOrigin.of(property.origin()) : null;
	}

	/**
	 * Tells whether a value is one that the config server has decrypted.
	 * @param key the key in any spelling
	 * @return whether nobody may see it
	 */
	public boolean isSecret(String key) {
		return loaded.secrets.contains(uniform(key));
	}

	/**
	 * Tells whether a text shows what the config server has decrypted since the start,
	 * for example after a placeholder was replaced by it.
	 * @param text any text
	 * @return whether nobody may see it
	 */
	public boolean showsSecret(String text) {
		return secrets.stream()
			.anyMatch((secret) -> text.equals(secret) || (secret.length() >= SHORTEST_SECRET && text.contains(secret)));
	}

	@Override
	public String redact(String text) {
		return loaded.content.redact(text);
	}

	private static String uniform(String key) {
		return KeyNames.uniform(KeyNames.canonical(key));
	}

	/**
	 * A place in a file of the configuration.
	 *
	 * @param file the file
	 * @param line its line, counted from 1
	 * @param text the place as it is shown
	 */
	public record FileOrigin(String file, int line, String text) implements Origin {

		private static final Pattern FORM = Pattern.compile("(.+?):(\\d+)(?::\\d+)?");

		static @Nullable FileOrigin of(String text) {
			Matcher matcher = FORM.matcher(text);
			return matcher.matches() ? new FileOrigin(matcher.group(1), Integer.parseInt(matcher.group(2)), text)
					: null;
		}

		@Override
		public String toString() {
			return text;
		}

	}

	// With the names as an array, since Spring Boot asks for them at each binding and
	// compares them by identity first.
	private static final class Loaded {

		private final RevisionContent content;

		private final Source from;

		private final String[] names;

		private final Set<String> secrets = new HashSet<>();

		private Loaded(RevisionContent content, Source from) {
			this.content = content;
			this.from = from;
			this.names = content.properties().keySet().toArray(String[]::new);
			content.properties().forEach((key, property) -> {
				if (property.secret()) {
					secrets.add(uniform(key));
				}
			});
		}

		Map<String, Property> properties() {
			return content.properties();
		}

	}

}
