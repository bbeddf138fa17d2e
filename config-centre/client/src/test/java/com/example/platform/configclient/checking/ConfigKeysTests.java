package com.example.platform.configclient.checking;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.example.platform.configclient.checking.ConfigurationMetadata.Property;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.liveconfiguration.DefaultsFrom;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.PropertiesBean;
import com.example.platform.liveconfiguration.RequiresRestart;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigKeysTests {

	private final ConfigKeys keys = keys(List.of(
			new Property("platform.example.defaults.patience", "java.time.Duration", Policy.class.getName(),
					"How long to wait.", "1s"),
			new Property("platform.other.size", "java.lang.Integer", null, "How many.", 3),
			new Property("own.greeting", "java.lang.String", null, "What to say.", null)), Settings.class);

	@Test
	void allKeysOfALiveRecordAreListedWithTypeDefaultAndMeaning() {
		assertThat(keys.forServer().obeyed()).contains(
				new ConfigKey("platform.example.enabled", "java.lang.Boolean", "true", false, null),
				new ConfigKey("platform.example.defaults.patience", "java.time.Duration", "1s", true,
						"How long to wait."),
				new ConfigKey("platform.example.services.*.patience", "java.time.Duration",
						"${platform.example.defaults.patience}", true, "How long to wait."),
				new ConfigKey("platform.other.size", "java.lang.Integer", "3", false, "How many."));
	}

	@Test
	void whatAStarterKnowsButNobodyBindsIsNotObeyed() {
		assertThat(keys.forServer().obeyed()).extracting(ConfigKey::name)
			.noneMatch((name) -> name.startsWith("platform.unused"));
	}

	@Test
	void aKeyIsLiveWhereARunningInstanceObeysIt() {
		assertThat(keys.isLive("platform.example.services.user-service.patience")).isTrue();
		assertThat(keys.isLive("platform.example.names.a.b")).isTrue();
		assertThat(keys.isLive("platform.ex-ample.services.user-service.pati-ence")).isTrue();
		assertThat(keys.isLive("logging.level.com.example")).isTrue();
		assertThat(keys.isLive("logging.level[com.example]")).isTrue();
		assertThat(keys.isLive("logging.group.mine[0]")).isTrue();
		assertThat(keys.isLive("own.greeting")).isTrue();
		assertThat(keys.isLive("platform.example.enabled")).isFalse();
		assertThat(keys.isLive("platform.other.size")).isFalse();
		assertThat(keys.isLive("server.port")).isFalse();
	}

	@Test
	void aKeyWaitsForARestartWhereTheApplicationObeysItAndNotAtOnce() {
		assertThat(keys.needsRestart("platform.example.enabled")).isTrue();
		assertThat(keys.needsRestart("platform.other.size")).isTrue();
		assertThat(keys.needsRestart("server.port")).isTrue();
		assertThat(keys.needsRestart("platform.example.defaults.patience")).isFalse();
		assertThat(keys.needsRestart("platform.unused.services.user-service.patience")).isFalse();
		assertThat(keys.needsRestart("platform.absent-starter.size")).isFalse();
	}

	@Test
	void aMisspelledKeyOfThePlatformIsCorrected() {
		assertThat(keys.correctionOf("platform.example.defaults.patiense"))
			.contains("platform.example.defaults.patience");
		assertThat(keys.correctionOf("platform.example.services.user-service.patiense"))
			.contains("platform.example.services.*.patience");
	}

	@Test
	void aMisspelledKeyOfARecordIsCorrected() {
		ConfigKeys deli = keys(List.of(), Deli.class);
		assertThat(deli.correctionOf("deli.greting")).contains("deli.greeting");
		assertThat(deli.correctionOf("deli.greeting")).isEmpty();
		assertThat(deli.correctionOf("deli.pool.any.thing")).as("of a class with setters").isEmpty();
		assertThat(deli.forServer().complete()).containsExactly("deli");
	}

	@Test
	void whatIsRightOrNoneOfItsBusinessIsNotCorrected() {
		assertThat(keys.correctionOf("platform.example.defaults.patience")).isEmpty();
		assertThat(keys.correctionOf("platform.example.de-faults.pa-tience")).isEmpty();
		assertThat(keys.correctionOf("platform.example.services.user-service.patience")).isEmpty();
		assertThat(keys.correctionOf("platform.absent-starter.size")).isEmpty();
		assertThat(keys.correctionOf("platform.unused.services.user-service.patience")).isEmpty();
		assertThat(keys.correctionOf("anything.else")).isEmpty();
		assertThat(keys.correctionOf("own.greting")).as("of a bean, others may read more").isEmpty();
	}

	private static ConfigKeys keys(List<Property> metadata, Class<?> live) {
		LiveConfiguration configuration = new LiveConfiguration(new MockEnvironment(), null);
		configuration.bind(live);
		return new ConfigKeys(metadata, configuration.records(),
				List.of(new PropertiesBean("own", "own", Own.class, false, true)));
	}

	@ConfigurationProperties("platform.example")
	record Settings(@RequiresRestart @DefaultValue("true") boolean enabled, @DefaultValue Policy defaults,
			@DefaultsFrom("defaults") @DefaultValue Map<String, Policy> services,
			@DefaultValue Map<String, String> names) {
	}

	@ConfigurationProperties("platform.unused")
	record Unused(@DefaultValue Map<String, Policy> services) {
	}

	@ConfigurationProperties("deli")
	record Deli(@DefaultValue("Hello") String greeting, @Nullable Own pool) {
	}

	static class Own {

	}

	record Policy(@DefaultValue("1s") @Nullable Duration patience) {
	}

}
