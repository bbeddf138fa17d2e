package com.example.configserver.content;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

import com.example.configserver.content.RevisionEnvironments.Served;
import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.Problem;
import com.example.platform.liveconfiguration.LiveConfiguration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.cloud.config.environment.PropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Breaks good files at random, from a seed: the check neither fails nor accepts what an
 * instance then does not start with. With {@code -Dconfig.full=true}, a real application
 * starts with each file that is accepted.
 */
class RandomFilesTests {

	private static final int FILES = 1000;

	private static final boolean FULL = Boolean.getBoolean("config.full");

	private static final String YAML = """
			# What the deli obeys.
			deli:
			  greeting: Hello
			  open: true
			  names: [ada, grace]
			  limits:
			    most: 20
			    patience: 2s
			    size: 10MB
			  weights:
			    one: 1
			    '[two.two]': 2
			logging:
			  level:
			    com.example: info
			---
			spring.config.activate.on-profile: dev & !eu
			deli:
			  greeting: "Hi ${deli.limits.most}"
			""";

	private static final String PROPERTIES = """
			# What the deli obeys.
			deli.greeting=Hello
			deli.open=true
			deli.names[]=ada,grace
			deli.limits.most=20
			deli.limits.patience : 2s
			deli.limits.size 10MB
			deli.weights.one=1
			deli.weights[two.two]=2
			logging.level.com.example=info
			#---
			spring.config.activate.on-profile=dev & !eu
			deli.greeting=Hi ${deli.limits.most}
			""";

	private static final List<String> VALUES = List.of("", "~", "null", "0123", "12:30", "1e3", ".inf", "yes", "off",
			"[a, b]", "{a: b}", "[]", "{}", "${no.such.key}", "${deli.greeting}", "${x:1}", "'", "\"", "|\n  x", "&a b",
			"*a", "!!int 1", "{cipher}00", "99999999999999999999", "-1", "2 parsecs", "\\u00zz", "a: b", "# x", "<<",
			"\t", "\u0000", "\uD83D\uDE00", "prod", "x".repeat(5000));

	private static final List<String> LINES = List.of("---", "#---", "# ---", "deli: 1", "deli.limits: []", "a: [b",
			"a: &a [*a]", "<<: {a: b}", "spring.config.activate.on-profile: ",
			"spring.config.activate.on-profiles: prod", "spring.config.import: x", "spring.profiles.active=dev",
			"logging.level.root: loud", "- a", "? a", "\tb: c", "deli.names[5]: x", "deli.names[2000000000]=x",
			"deli.limits.most[0]: 1", "deli.Greeting: x", "{}", "%YAML 1.1", "b\\", "=", ":", "...",
			"deli.weights[a: 1");

	private final Random random = new Random(20_260_304);

	private static final LocalValidatorFactoryBean VALIDATOR = new LocalValidatorFactoryBean();

	static {
		VALIDATOR.afterPropertiesSet();
	}

	@AfterAll
	static void close() {
		VALIDATOR.close();
	}

	@Test
	void noBrokenFileBringsDownTheCheckOrAnInstance() {
		int accepted = 0;
		for (int i = 0; i < FILES; i++) {
			boolean yaml = random.nextBoolean();
			byte[] content = broken(yaml ? YAML : PROPERTIES);
			SortedMap<String, byte[]> files = new TreeMap<>(Map.of("deli." + (yaml ? "yml" : "properties"), content));
			List<Problem> problems = Samples.problems(files, null, keys(), Secrets.none());
			if (problems.isEmpty()) {
				for (String profile : List.of("default", "dev")) {
					accepted += (isRefusedByARunningInstance(files, profile) || starts(files, profile)) ? 1 : 0;
				}
			}
		}
		assertThat(accepted).as("so that refusing all is no success").isBetween(FILES / 10, 2 * FILES);
	}

	private byte[] broken(String good) {
		List<String> lines = new ArrayList<>(Arrays.asList(good.split("\n")));
		int errors = 1 + random.nextInt(3);
		for (int i = 0; i < errors; i++) {
			int line = random.nextInt(lines.size());
			String text = lines.get(line);
			switch (random.nextInt(9)) {
				case 0 -> lines.add(line, any(LINES));
				case 1 -> lines.add(line, text);
				case 2 -> lines.set(line, text.replaceFirst("([:=] ?|(?<=size) ).*", "$1") + any(VALUES));
				case 3 -> lines.set(line, " ".repeat(random.nextInt(4)) + text);
				case 4 -> lines.set(line, text.strip());
				case 5 -> lines.set(line, text.replaceFirst("[a-z]", ""));
				case 6 -> lines.remove(line);
				case 7 -> lines.set(line, text.substring(0, random.nextInt(text.length() + 1)) + any(VALUES)
						+ text.substring(text.length() / 2));
				default -> lines.set(line, text.toUpperCase(Locale.ROOT));
			}
			if (lines.isEmpty()) {
				lines.add("");
			}
		}
		byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
		for (int i = random.nextInt(40); i < 3 && bytes.length > 0; i++) {
			bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
		}
		return (random.nextInt(20) == 0) ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
	}

	private String any(List<String> texts) {
		return texts.get(random.nextInt(texts.size()));
	}

	// What breaks the record's own rules is known to instances alone.
	private static boolean isRefusedByARunningInstance(SortedMap<String, byte[]> files, String profile) {
		ConfigurableEnvironment environment = new StandardEnvironment();
		LiveConfiguration live = new LiveConfiguration(environment, VALIDATOR);
		live.bind(Deli.class);
		addTo(environment, files, profile);
		try {
			live.reload();
			return false;
		}
		catch (RuntimeException ex) {
			return true;
		}
	}

	private static boolean starts(SortedMap<String, byte[]> files, String profile) {
		ConfigurableEnvironment environment = new StandardEnvironment();
		addTo(environment, files, profile);
		assertThat(new LiveConfiguration(environment, VALIDATOR).bind(Deli.class).get()).isNotNull();
		if (FULL) {
			new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
				.bannerMode(Banner.Mode.OFF)
				.environment(environment)
				.properties("spring.main.lazy-initialization=false", "spring.cloud.config.enabled=false",
						"spring.cloud.consul.enabled=false", "spring.config.name=none")
				.run()
				.close();
		}
		return true;
	}

	private static void addTo(ConfigurableEnvironment environment, SortedMap<String, byte[]> files, String profile) {
		Configuration configuration = Configuration.parse(files);
		RevisionEnvironments served = new RevisionEnvironments(
				(@Nullable String label) -> new Served("r", configuration), Secrets.none());
		for (PropertySource source : served.findOne("deli", profile, null).getPropertySources()) {
			Map<String, Object> values = new HashMap<>();
			source.getSource().forEach((key, value) -> values.put(key.toString(), value));
			environment.getPropertySources().addLast(new MapPropertySource(source.getName(), values));
		}
	}

	private static KeyCatalogue keys() {
		List<ConfigKey> keys = List.of(Samples.key("deli.greeting", "java.lang.String"),
				Samples.key("deli.open", "java.lang.Boolean"),
				Samples.key("deli.names", "java.util.List<java.lang.String>"),
				Samples.key("deli.limits.most", "java.lang.Integer"),
				Samples.key("deli.limits.patience", "java.time.Duration"),
				Samples.key("deli.limits.size", "org.springframework.util.unit.DataSize"),
				Samples.key("deli.weights.*", "java.lang.Integer"));
		return KeyCatalogue.of(keys, List.of("deli"));
	}

	@ConfigurationProperties("deli")
	record Deli(@DefaultValue("Hello") @NotBlank String greeting, @DefaultValue("false") boolean open,
			@DefaultValue List<String> names, @DefaultValue Limits limits, @DefaultValue Map<String, Integer> weights) {

		record Limits(@DefaultValue("20") @Max(10_000) int most, @DefaultValue("1s") Duration patience,
				@DefaultValue("1MB") DataSize size) {
		}

	}

	@EnableConfigurationProperties(Deli.class)
	static class Application {

		Application(@Value("${deli.greeting:none}") String greeting) {
			assertThat(greeting).isNotNull();
		}

	}

}
