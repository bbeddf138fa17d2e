package com.example.configserver.content;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.liveconfiguration.KeyNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

class ConfigurationTests {

	@Test
	void theFilesOfTheProjectAreCorrect() throws IOException {
		SortedMap<String, byte[]> files = new TreeMap<>();
		try (Stream<Path> paths = Files.list(Path.of("../../config-repo"))) {
			for (Path path : (Iterable<Path>) paths::iterator) {
				if (path.toString().endsWith(".yml")) {
					files.put(path.getFileName().toString(), Files.readAllBytes(path));
				}
			}
		}
		Configuration configuration = Configuration.parse(files);
		assertThat(ConfigurationCheck.check(configuration, configuration, KeyCatalogue.of(List.of(), List.of()),
				Secrets.none()))
			.isEmpty();
		assertThat(configuration.services(Set.of())).contains("order-service", "user-service");
		for (String file : configuration.files()) {
			assertThat(configuration.text(file)).isEqualTo(Files.readString(Path.of("../../config-repo", file)));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{}\n", "# nothing\n{}\n", "---\n{}\n", "\uFEFF{}" })
	void aFileIsEmptiedByTheLineForIt(String text) {
		Configuration configuration = Samples.configuration("a.yml", text, "b.properties", "{}\n");
		assertThat(configuration.files()).containsExactly("a.yml", "b.properties");
		assertThat(configuration.effective("a")).isEmpty();
		assertThat(configuration.effective("b")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\uFEFFa: ä", "a: ä\r\n", "%YAML 1.1\n---\na: ä\n", "a: ä\n---\n", "---\n{}\n---\na: ä",
			"? a\n: ä", "{a: ä}", "b: &b ä\na: *b", "\"a\": \"\\u00e4\"" })
	void unusualButCorrectFilesAreRead(String text) {
		Configuration configuration = Samples.configuration("s.yml", text);
		assertThat(configuration.effective("s").get(KeyNames.of("a"))).extracting(Setting::value).isEqualTo("ä");
	}

	@Test
	void propertiesAreReadAsUtf8WithEscapesListsAndDocuments() {
		Configuration configuration = Samples.configuration("s.properties",
				"a = ä\\u00e4\nb[]=1,2\nlong.\\\n  name : x\\\n  y\n#---\nspring.config.activate.on-profile=default\na=z\n");
		assertThat(configuration.effective("s").values()).extracting(Setting::key, Setting::value, Setting::line)
			.contains(tuple("a", "z", 8), tuple("b[0]", "1", 2), tuple("b[1]", "2", 2));
	}

	@Test
	void allProblemsOfAllFilesAreToldAtOnce() {
		assertThatExceptionOfType(RefusedException.class)
			.isThrownBy(() -> Samples.configuration("a.yml", "a: 1\na: 2\nb: 1\nb: 2", "b.yml", "", "c.json", "{}"))
			.satisfies((ex) -> assertThat(ex.problems())
				.extracting((problem) -> problem.file() + ":" + problem.line() + ":" + problem.key())
				.containsExactly("a.yml:2:a", "a.yml:4:b", "b.yml:null:null", "c.json:null:null"))
			.withMessageContaining("a.yml:2 a: stands twice in the same place");
	}

	@Test
	void aKeyMayStandInSeveralDocumentsOfAFile() {
		Configuration configuration = Samples.configuration("s.yml", "a: 1\n---\na: 2\n");
		assertThat(configuration.effective("s").values()).extracting(Setting::value, Setting::origin)
			.containsExactly(tuple("2", "s.yml:3:4"));
	}

	@Test
	void servicesAreNamedByTheirFiles() {
		assertThat(Samples
			.configuration("application.yml", "a: 1", "application-dev.yml", "a: 1", "order-service.yml", "a: 1",
					"order-service-dev.properties", "a=1", "user-service.yaml", "a: 1", "stock-dev.yml", "a: 1")
			.services(Set.of())).containsExactly("order-service", "stock-dev", "user-service");
	}

	@Test
	void noNameHidesAnother() {
		Configuration configuration = Samples.configuration("user.yml", "a: 1", "user-service.yml", "a: 1",
				"user-service-dev.yml", "a: 1", "stock.yml", "a: 1", "stock-keeper.yml", "a: 1");
		assertThat(configuration.services(Set.of("stock-keeper"))).containsExactly("stock", "stock-keeper", "user",
				"user-service");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0123", "12:30", "1.10", "1e3", "0x1F", "1_000", ".inf", ".nan", "0o17", "2024-01-01",
			"2024-01-01T00:00:00Z", "0b101", "190:20:30", "+1", "-0", "True", "y", "=", "1.", "00", "0.10" })
	void aValueStaysTheTextThatItIs(String text) {
		assertThat(Samples.configuration("s.yml", "a: " + text + "\nb: [" + text + "]").effective("s").values())
			.extracting(Setting::value)
			.containsExactly(text, text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "~", "null", "Null", "NULL" })
	void nothingIsWrittenAsNothing(String text) {
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> Samples.configuration("s.yml", "a: " + text))
			.withMessageContaining("s.yml:1 a: YAML reads this as nothing: put it in quotes");
		assertThat(Samples.configuration("s.yml", "a: '" + text + "'").effective("s").values()).singleElement()
			.extracting(Setting::value)
			.isEqualTo(text);
	}

	/** Keys, order and texts are those of Spring Boot's own readers. */
	@ParameterizedTest
	@ValueSource(strings = { "a.yml|a:\n  b: [x, {c: y}]\n  2: z\n  '[k.k]': |\n    two\n    lines\nd: {}\ne: []\nf:\n",
			"a.yml|a: &x {b: 'it''s', c: \"\\t\"}\nd: *x\n---\n# nothing\n---\n{}\n---\nf: >\n folded\n text\n",
			"a.properties|a=1\nb[]=x\\,y, z,\nc[]=\n!---\nd = \\u00e4 \\\n   e\n#x\nf:g\n",
			"a.properties|a=1\n#---\n\nb=2\n#---  \nc[0].d=\\ x\n" })
	void filesAreReadAsSpringBootReadsThem(String nameAndText) throws IOException {
		String name = nameAndText.substring(0, nameAndText.indexOf('|'));
		String text = nameAndText.substring(nameAndText.indexOf('|') + 1);
		ByteArrayResource resource = new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8));
		PropertySourceLoader loader = name.endsWith("yml") ? new YamlPropertySourceLoader()
				: new PropertiesPropertySourceLoader();
		List<Map<String, String>> expected = new ArrayList<>();
		for (PropertySource<?> source : loader.load(name, resource)) {
			Map<String, String> values = new LinkedHashMap<>();
			for (String key : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
				if (key != null) {
					values.put(key, Objects.toString(source.getProperty(key), ""));
				}
			}
			expected.add(values);
		}
		expected.removeIf(Map::isEmpty);
		List<Map<String, String>> read = new ArrayList<>();
		for (Document document : Objects.requireNonNull(Samples.configuration(name, text).file(name)).documents()) {
			Map<String, String> values = new LinkedHashMap<>();
			document.settings().forEach((setting) -> values.put(setting.key(), setting.value()));
			read.add(values);
		}
		assertThat(read).isEqualTo(expected);
	}

	@Test
	void theTextIsShownWithoutSecretsAndOtherwiseAsItIs() {
		String text = """
				# password: old
				app:   # comment
				    user:    "someone"
				    password:   "s3cret"   # kept; token=s3cret
				    api-key: 's3cret'
				    \uD83D\uDE00plain: x
				    tokens: [s3cret, "s3cret"]
				    from-environment-secret: ${PASSWORD}
				    with-default-secret: ${PASSWORD:s3cret}
				    url: jdbc:postgresql://me:s3cret@host/db?password=s3cret&x=1
				    key: &key s3cret
				    encrypted: '{cipher}s3cret'
				    credentials:
				      name: s3cret
				    pem-secret: |
				      s3cret
				      s3cret
				    last: *key

				""".replace("\uD83D\uDE00plain", "\"[\uD83D\uDE00]\"");
		Configuration configuration = Samples.configuration("a.yml", text);
		assertThat(configuration.text("a.yml")).isEqualTo("""
				# password: ******
				app:   # comment
				    user:    "someone"
				    password:   '******'   # kept; token=******
				    api-key: '******'
				    "[\uD83D\uDE00]": x
				    tokens: ['******', '******']
				    from-environment-secret: ${PASSWORD}
				    with-default-secret: '******'
				    url: 'jdbc:postgresql://me:******@host/db?password=******&x=1'
				    key: '******'
				    encrypted: '{cipher}******'
				    credentials:
				      name: '******'
				    pem-secret: '******'
				    last: *key

				""");
		assertThat(configuration.text("missing.yml")).isNull();
	}

	@Test
	void thePropertiesAreShownWithoutSecrets() {
		assertThat(
				Samples.configuration("a.properties", "#token=s3cret\r\na=1\r\nb.password : s3cret\\\r\n  s3cret\nc=2")
					.text("a.properties"))
			.isEqualTo("#token=******\na=1\nb.password : ******\nc=2");
	}

}
