package com.example.platform.configclient.checking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configclient.revision.RevisionContent.Property;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.configclient.revision.RevisionPropertySource.FileOrigin;
import com.example.platform.configprotocol.Problem;
import com.example.platform.liveconfiguration.BindFlaws;
import com.example.platform.liveconfiguration.ConfigurationTrial;
import com.example.platform.liveconfiguration.KeyNames;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.LiveConfiguration.Prepared;
import com.example.platform.liveconfiguration.PropertiesBean;
import com.example.platform.liveconfiguration.StrictBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.handler.IgnoreTopLevelConverterNotFoundBindHandler;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.logging.LogLevel;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.PlaceholderResolutionException;
import org.springframework.validation.Validator;

/**
 * Tries a revision before it counts: binds and validates those live records and beans
 * that it changes, beside those in use. Nothing that runs is touched. For use by one
 * thread.
 */
public final class RevisionCheck {

	private static final String FOR_ALL = "application";

	private final ConfigurableEnvironment environment;

	private final LiveConfiguration live;

	private final Collection<PropertiesBean> beans;

	private final ConfigKeys keys;

	private final @Nullable Validator validator;

	private final List<ConfigurationTrial> trials;

	// Kept from one revision to the next, because it takes Spring Boot long to see all
	// names of all property sources for the first time.
	private ConfigurableEnvironment candidate = new EmptyEnvironment();

	private List<PropertySource<?>> candidateSources = List.of();

	/**
	 * Creates the check of an application.
	 * @param environment the application's environment
	 * @param live its live records
	 * @param beans its beans with configuration properties
	 * @param keys the keys it obeys
	 * @param validator checks beans that ask for it; {@code null} for none
	 * @param trials try what else is made of the configuration
	 */
	public RevisionCheck(ConfigurableEnvironment environment, LiveConfiguration live, Collection<PropertiesBean> beans,
			ConfigKeys keys, @Nullable Validator validator, List<ConfigurationTrial> trials) {
		this.environment = environment;
		this.live = live;
		this.beans = beans;
		this.keys = keys;
		this.validator = validator;
		this.trials = trials;
	}

	/**
	 * Tries a revision.
	 * @param next the revision
	 * @param changed the keys that it changes, in canonical form
	 * @return why it is refused, or the records that it makes
	 */
	public Verdict tryOut(RevisionContent next, Set<String> changed) {
		prepareCandidate(next);
		BindFlaws explain = new BindFlaws(next::redact);
		List<Problem> problems = new ArrayList<>();
		next.properties().forEach((written, property) -> {
			String key = KeyNames.canonical(written);
			if (changed.contains(key)) {
				problems.addAll(checkKey(key, property));
			}
		});
		Prepared records = live.prepare(candidate, (record) -> record.obeys(changed));
		records.failures()
			.forEach((record, failure) -> explain.of(record.prefix(), failure)
				.forEach((flaw) -> problems.add(RevisionContent.problem(flaw))));
		for (PropertiesBean bean : beans) {
			if (bean.obeys(changed)) {
				problems.addAll(checkBean(bean, explain));
			}
		}
		// What does not bind would be found once more.
		if (problems.isEmpty()) {
			trials.stream()
				.filter((trial) -> trial.prefixes().stream().anyMatch((prefix) -> KeyNames.isBelow(changed, prefix)))
				.flatMap((trial) -> trial.tryOut(candidate).stream())
				.forEach((flaw) -> problems.add(next.problem(flaw.key(), flaw.reason())));
		}
		return new Verdict(records, problems.stream().distinct().toList());
	}

	private List<Problem> checkKey(String key, Property property) {
		FileOrigin place = property.place();
		String correction = keys.correctionOf(key).orElse(null);
		if (correction != null) {
			return List.of(problem(place, key, "is unknown; the nearest key that exists is " + correction));
		}
		try {
			// What a file for all services says may be for others to understand.
			if (KeyNames.isLogLevel(key) || (place != null && !place.file().startsWith(FOR_ALL))) {
				candidate.resolveRequiredPlaceholders(String.valueOf(property.value()));
			}
		}
		catch (PlaceholderResolutionException ex) {
			return List.of(problem(place, key, BindFlaws.reason(ex)));
		}
		if (KeyNames.isLogLevel(key) && !isLogLevel(candidate.getProperty(key, ""))) {
			return List.of(problem(place, key,
					"must be one of " + Arrays.toString(LogLevel.values()).toLowerCase(Locale.ROOT)));
		}
		return List.of();
	}

	// YAML reads off as false.
	private static boolean isLogLevel(String value) {
		return value.equalsIgnoreCase("false")
				|| Arrays.stream(LogLevel.values()).anyMatch((level) -> level.name().equalsIgnoreCase(value.strip()));
	}

	// What cannot be bound now either is not the revision's fault.
	private List<Problem> checkBean(PropertiesBean bean, BindFlaws explain) {
		try {
			bind(bean, candidate);
			return List.of();
		}
		catch (RuntimeException ex) {
			return isBound(bean) ? explain.of(bean.prefix(), ex).stream().map(RevisionContent::problem).toList()
					: List.of();
		}
	}

	private boolean isBound(PropertiesBean bean) {
		try {
			bind(bean, environment);
			return true;
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	private void bind(PropertiesBean bean, Environment from) {
		BindHandler handler = new IgnoreTopLevelConverterNotFoundBindHandler();
		if (bean.validated() && validator != null) {
			handler = new ValidationBindHandler(handler, validator);
		}
		StrictBinder.of(from, handler).bindOrCreate(bean.prefix(), Bindable.of(bean.type()));
	}

	private void prepareCandidate(RevisionContent next) {
		List<PropertySource<?>> present = environment.getPropertySources().stream().toList();
		RevisionPropertySource tried = RevisionPropertySource.in(candidate);
		if (tried == null || !areSame(present, candidateSources)) {
			candidate = candidate(present, next);
			candidateSources = present;
		}
		else {
			tried.replace(next);
		}
	}

	private static ConfigurableEnvironment candidate(List<PropertySource<?>> present, RevisionContent next) {
		ConfigurableEnvironment candidate = new EmptyEnvironment();
		MutablePropertySources sources = candidate.getPropertySources();
		for (PropertySource<?> source : present) {
			if (source instanceof RevisionPropertySource inUse) {
				sources.addLast(inUse.with(next));
			}
			else if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)) {
				sources.addLast(source);
			}
		}
		ConfigurationPropertySources.attach(candidate);
		return candidate;
	}

	@SuppressWarnings("ReferenceEquality") // sources are equal as soon as their names are
	private static boolean areSame(List<PropertySource<?>> a, List<PropertySource<?>> b) {
		return a.size() == b.size() && IntStream.range(0, a.size()).allMatch((i) -> a.get(i) == b.get(i));
	}

	private static Problem problem(@Nullable FileOrigin place, String key, String reason) {
		return (place != null) ? new Problem(place.file(), place.line(), key, reason)
				: new Problem(null, null, key, reason);
	}

	/**
	 * What became of the check.
	 *
	 * @param records the live records of the revision
	 * @param problems why it is refused; empty when it is not
	 */
	public record Verdict(Prepared records, List<Problem> problems) {
	}

	private static final class EmptyEnvironment extends StandardEnvironment {

		@Override
		protected void customizePropertySources(MutablePropertySources propertySources) {
			// What it gets comes from the environment that it stands for.
		}

	}

}
