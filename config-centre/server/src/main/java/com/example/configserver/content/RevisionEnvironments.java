package com.example.configserver.content;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

import com.example.platform.configclient.revision.RevisionContent;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.config.environment.Environment;
import org.springframework.cloud.config.environment.PropertySource;
import org.springframework.cloud.config.environment.PropertyValueDescriptor;
import org.springframework.cloud.config.server.environment.EnvironmentRepository;
import org.springframework.cloud.config.server.environment.FailedToConstructEnvironmentException;
import org.springframework.util.StringUtils;

/**
 * Answers requests by the protocol of Spring Cloud Config from revisions in memory, in
 * the order in which Spring Boot would read the same files. A label is the id of a
 * revision. Safe for use by many threads.
 *
 * <p>
 * Names that come from requests select among the files of the revision and lead nowhere
 * else. Encrypted values leave here decrypted; no message shows one.
 */
public final class RevisionEnvironments implements EnvironmentRepository {

	private final Function<@Nullable String, Served> revisions;

	private final Secrets secrets;

	// Many instances ask at once. What a document looks like depends on nothing else, and
	// goes with its configuration.
	private final Map<Configuration, Map<View, PropertySource>> sources = Collections
		.synchronizedMap(new WeakHashMap<>());

	/**
	 * Creates a repository.
	 * @param revisions finds the revision with an id, for {@code null} the one in force;
	 * throws {@code NoSuchLabelException} if there is none
	 * @param secrets decrypts values
	 */
	public RevisionEnvironments(Function<@Nullable String, Served> revisions, Secrets secrets) {
		this.revisions = revisions;
		this.secrets = secrets;
	}

	@Override
	public Environment findOne(String application, String profile, @Nullable String label) {
		return findOne(application, profile, label, false);
	}

	/**
	 * Returns the configuration of a service.
	 * @param application name of the service; of several, separated by commas, the last
	 * one wins
	 * @param profile active profiles, separated by commas; the last one wins
	 * @param label id of a revision; {@code null} for the one in force
	 * @param includeOrigin whether to add file, line and column to each value
	 * @throws FailedToConstructEnvironmentException if a value cannot be decrypted
	 */
	@Override
	public Environment findOne(String application, String profile, @Nullable String label, boolean includeOrigin) {
		Served revision = revisions.apply(label);
		String[] profiles = StringUtils.commaDelimitedListToStringArray(profile);
		Environment environment = new Environment(application, profiles, label, revision.id(), null);
		Map<View, PropertySource> known = sources.computeIfAbsent(revision.configuration(),
				(configuration) -> new ConcurrentHashMap<>());
		for (Document document : revision.configuration()
			.documents(names(StringUtils.commaDelimitedListToStringArray(application)), names(profiles))) {
			environment.add(known.computeIfAbsent(new View(document.name(), includeOrigin),
					(view) -> source(document, includeOrigin)));
		}
		return environment;
	}

	private static List<String> names(String[] commaSeparated) {
		return Stream.of(commaSeparated).map(String::strip).toList();
	}

	private PropertySource source(Document document, boolean includeOrigin) {
		Map<String, Object> values = new LinkedHashMap<>();
		for (Setting setting : document.settings()) {
			String value = decrypt(setting);
			String origin = setting.origin() + (Secrets.isEncrypted(setting.value()) ? RevisionContent.SECRET : "");
			values.put(setting.key(), includeOrigin ? new PropertyValueDescriptor(value, origin) : value);
		}
		return new PropertySource(document.name(), Collections.unmodifiableMap(values));
	}

	private String decrypt(Setting setting) {
		try {
			return secrets.decrypt(setting.value());
		}
		catch (IllegalStateException ex) {
			throw new FailedToConstructEnvironmentException(setting.problem(String.valueOf(ex.getMessage())).toString(),
					ex);
		}
	}

	/**
	 * A revision with what it says.
	 *
	 * @param id the label that it can be asked for by
	 * @param configuration the same object each time, so that nothing is computed twice
	 */
	public record Served(String id, Configuration configuration) {
	}

	private record View(String document, boolean includeOrigin) {
	}

}
