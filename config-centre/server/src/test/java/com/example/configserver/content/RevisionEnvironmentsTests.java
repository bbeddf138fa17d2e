package com.example.configserver.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

import com.example.configserver.content.RevisionEnvironments.Served;
import io.micrometer.observation.ObservationRegistry;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.cloud.config.environment.Environment;
import org.springframework.cloud.config.environment.PropertySource;
import org.springframework.cloud.config.environment.PropertyValueDescriptor;
import org.springframework.cloud.config.server.environment.FailedToConstructEnvironmentException;
import org.springframework.cloud.config.server.environment.NativeEnvironmentProperties;
import org.springframework.cloud.config.server.environment.NativeEnvironmentRepository;
import org.springframework.cloud.config.server.environment.NoSuchLabelException;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RevisionEnvironmentsTests {

	@Test
	void whatIsMoreSpecificComesFirst() {
		Environment environment = environments(Secrets.none(), "application.yml", "a: 1", "application-dev.yml", "a: 2",
				"application-eu.yml", "a: 3", "order-service.yml",
				"a: 4\n---\nspring.config.activate.on-profile:"
						+ " dev & eu\na: 5\n---\nspring.config.activate.on-profile: prod\na: 6",
				"order-service-dev.yml", "a: 7", "user-service.yml", "a: 8")
			.findOne("order-service", "dev,eu", null);
		assertThat(environment.getPropertySources()).extracting(PropertySource::getName)
			.containsExactly("application-eu.yml", "order-service-dev.yml", "application-dev.yml",
					"order-service.yml (document #1)", "order-service.yml (document #0)", "application.yml");
		assertThat(environment.getName()).isEqualTo("order-service");
		assertThat(environment.getProfiles()).containsExactly("dev", "eu");
		assertThat(environment.getVersion()).isEqualTo("released");
		assertThat(environment.getLabel()).isNull();
	}

	@Test
	void aLabelSelectsARevision() {
		Configuration old = Samples.configuration("application.yml", "a: 1");
		RevisionEnvironments environments = new RevisionEnvironments((label) -> {
			if (!"r1".equals(label)) {
				throw new NoSuchLabelException("No such label: " + label);
			}
			return new Served("r1", old);
		}, Secrets.none());
		Environment environment = environments.findOne("any", "default", "r1");
		assertThat(environment.getLabel()).isEqualTo("r1");
		assertThat(environment.getVersion()).isEqualTo("r1");
		assertThat(values(environment)).containsExactly(Map.of("a", "1"));
		assertThatExceptionOfType(NoSuchLabelException.class)
			.isThrownBy(() -> environments.findOne("any", "default", "r2"));
	}

	@Test
	void theOriginIsShortAndTheTextIsKept() {
		RevisionEnvironments environments = environments(Secrets.none(), "order-service.yml",
				"# first\norders:\n  max-lines: 20\n  greeting: x\n");
		assertThat(environments.findOne("order-service", "default", null, true).getPropertySources()).singleElement()
			.extracting((source) -> source.getSource().get("orders.max-lines"),
					as(InstanceOfAssertFactories.type(PropertyValueDescriptor.class)))
			.extracting(PropertyValueDescriptor::getValue, PropertyValueDescriptor::getOrigin)
			.containsExactly("20", "order-service.yml:3:14");
		assertThat(environments.findOne("order-service", "default", null).getPropertySources()).singleElement()
			.extracting(PropertySource::getSource)
			.isEqualTo(Map.of("orders.max-lines", "20", "orders.greeting", "x"));
	}

	@Test
	void encryptedValuesAreDecrypted() {
		Secrets secrets = Secrets.ofKey(UUID.randomUUID().toString());
		String text = "password: '" + secrets.encrypt("geheim") + "'";
		assertThat(values(environments(secrets, "application.yml", text).findOne("any", "default", null)))
			.containsExactly(Map.of("password", "geheim"));
		assertThatExceptionOfType(FailedToConstructEnvironmentException.class)
			.isThrownBy(() -> environments(Secrets.none(), "application.yml", text).findOne("any", "default", null))
			.withMessageContaining("application.yml:1 password: cannot be decrypted")
			.withMessageContaining("ENCRYPT_KEY");
	}

	@Test
	void namesOfRequestsLeadNowhereElse(@TempDir Path folder) throws IOException {
		Files.writeString(folder.resolve("secret.yml"), "a: 2");
		RevisionEnvironments environments = environments(Secrets.none(), "application.yml", "a: 1");
		for (String name : List.of(folder.resolve("secret").toString(), "../secret", "classpath:application", "", ",",
				"*", "application.yml", "\0")) {
			assertThat(values(environments.findOne(name, name, null))).containsExactly(Map.of("a", "1"));
		}
	}

	@Test
	void aDocumentIsPreparedOnceForAll() {
		RevisionEnvironments environments = environments(Secrets.none(), "application.yml", "a: 1");
		PropertySource first = environments.findOne("one", "default", null).getPropertySources().get(0);
		Environment second = environments.findOne("two", "dev", null);
		assertThat(second.getPropertySources()).singleElement().isSameAs(first);
		second.getPropertySources().clear();
		assertThat(environments.findOne("one", "default", null).getPropertySources()).hasSize(1);
	}

	@Test
	void answersAsTheStockServerDoes(@TempDir Path folder) throws IOException {
		for (int seed = 0; seed < 60; seed++) {
			Random random = new Random(seed);
			Path files = Files.createDirectory(folder.resolve("seed-" + seed));
			String[] namesAndContents = randomFiles(random);
			for (int i = 0; i < namesAndContents.length; i += 2) {
				Files.writeString(files.resolve(namesAndContents[i]), namesAndContents[i + 1]);
			}
			NativeEnvironmentProperties properties = new NativeEnvironmentProperties();
			properties.setSearchLocations(new String[] { "file:" + files + "/" });
			NativeEnvironmentRepository stock = new NativeEnvironmentRepository(new StandardEnvironment(), properties,
					ObservationRegistry.NOOP);
			RevisionEnvironments environments = environments(Secrets.none(), namesAndContents);
			for (String application : List.of("order", "application", "missing", "order,user")) {
				for (String profiles : List.of("default", "dev", "dev,eu", "eu,dev")) {
					assertThat(values(environments.findOne(application, profiles, null)))
						.as("seed %d, %s, %s", seed, application, profiles)
						.isEqualTo(values(stock.findOne(application, profiles, null)));
				}
			}
		}
	}

	private static String[] randomFiles(Random random) {
		List<String> conditions = List.of("dev", "eu", "default", "!dev", "dev & eu", "dev | default");
		List<String> files = new ArrayList<>();
		for (String name : List.of("application", "order", "user", "application-dev", "application-eu", "order-dev",
				"order-eu", "user-dev", "order-default")) {
			for (String extension : List.of(".yml", ".yaml", ".properties")) {
				if (random.nextInt(3) > 0) {
					continue;
				}
				boolean yaml = !extension.equals(".properties");
				List<String> documents = new ArrayList<>();
				int count = 1 + random.nextInt(3);
				for (int i = 0; i < count; i++) {
					String separator = yaml ? ": " : "=";
					String text = "a" + separator + name + extension + i + "\nb.c-" + i + separator + random.nextInt(9);
					if (random.nextInt(3) == 0) {
						text += "\nspring.config.activate.on-profile" + separator + (yaml ? "\"" : "")
								+ conditions.get(random.nextInt(conditions.size())) + (yaml ? "\"" : "");
					}
					documents.add(text);
				}
				files.add(name + extension);
				files.add(String.join(yaml ? "\n---\n" : "\n#---\n", documents));
			}
		}
		return files.toArray(String[]::new);
	}

	private static RevisionEnvironments environments(Secrets secrets, String... namesAndContents) {
		Configuration configuration = Samples.configuration(namesAndContents);
		return new RevisionEnvironments((@Nullable String label) -> new Served("released", configuration), secrets);
	}

	private static List<Map<String, String>> values(Environment environment) {
		List<Map<String, String>> values = new ArrayList<>();
		for (PropertySource source : environment.getPropertySources()) {
			Map<String, String> texts = new TreeMap<>();
			source.getSource().forEach((key, value) -> texts.put(key.toString(), value.toString()));
			values.add(texts);
		}
		return values;
	}

}
