package com.example.configserver.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

class ConfigurationTests {

	@Test
	void theFilesOfTheProjectAreCorrect() throws IOException {
		SortedMap<String, byte[]> files = new TreeMap<>();
		try (Stream<Path> paths = Files.list(Path.of("../config-repo"))) {
			for (Path path : (Iterable<Path>) paths::iterator) {
				if (path.toString().endsWith(".yml")) {
					files.put(path.getFileName().toString(), Files.readAllBytes(path));
				}
			}
		}
		Configuration configuration = Configuration.parse(files);
		assertThat(ConfigurationCheck.check(configuration, configuration, KeyCatalogue.of(List.of()), Secrets.none()))
			.isEmpty();
		assertThat(configuration.services()).contains("order-service", "user-service");
		for (String file : configuration.files()) {
			assertThat(configuration.text(file)).isEqualTo(Files.readString(Path.of("../config-repo", file)));
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
		assertThat(configuration.effective("s").get(PropertyKeys.canonical("a"))).extracting(Setting::value)
			.isEqualTo("ä");
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
			.containsExactly(tuple(2, "s.yml:3:4"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a-b", "aB.c_d", "a.b[0].c", "[x/y]", "a[/api/{id:[0-9]+}].b", "a.CheckEligibility.b",
			"logging.level[com.example]" })
	void isAPropertyName(String name) {
		assertThat(PropertyKeys.isName(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", ".", ".a", "a.", "a..b", "a b", "a/b", "ä", "-", "a[", "a]", "a[]", "a[0]b", "!", "a:b" })
	void isNoPropertyName(String name) {
		assertThat(PropertyKeys.isName(name)).isFalse();
	}

	@Test
	void servicesAreNamedByTheirFiles() {
		assertThat(Samples
			.configuration("application.yml", "a: 1", "application-dev.yml", "a: 1", "order-service.yml", "a: 1",
					"order-service-dev.properties", "a=1", "user-service.yaml", "a: 1", "stock-dev.yml", "a: 1")
			.services()).containsExactly("order-service", "stock-dev", "user-service");
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
