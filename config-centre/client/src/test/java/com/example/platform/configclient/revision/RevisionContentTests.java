package com.example.platform.configclient.revision;

import java.util.LinkedHashMap;
import java.util.Map;

import com.example.platform.configclient.revision.RevisionContent.Property;
import org.junit.jupiter.api.Test;

import org.springframework.cloud.config.environment.Environment;
import org.springframework.cloud.config.environment.PropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class RevisionContentTests {

	@Test
	void theFileWithTheHigherPrecedenceWinsHoweverTheKeyIsSpelled() {
		RevisionContent content = content(Map.of("orders.max-lines", 1), Map.of("orders.maxLines", 2, "other", 3));
		assertThat(values(content)).containsExactlyInAnyOrderEntriesOf(Map.of("orders.max-lines", 1, "other", 3));
	}

	@Test
	void aListIsTakenAsAWholeFromOneFile() {
		RevisionContent content = content(Map.of("hosts[0]", "own"),
				Map.of("hosts[0]", "a", "hosts[1]", "b", "names[0]", "c", "names[1]", "d"));
		assertThat(values(content))
			.containsExactlyInAnyOrderEntriesOf(Map.of("hosts[0]", "own", "names[0]", "c", "names[1]", "d"));
	}

	@Test
	void aListInOneLineCoversOneInSeveral() {
		RevisionContent content = content(Map.of("hosts", "own"), Map.of("hosts[0]", "a", "hosts[1]", "b"));
		assertThat(values(content)).containsExactlyEntriesOf(Map.of("hosts", "own"));
	}

	@Test
	void aListInSeveralLinesCoversOneInOneLine() {
		RevisionContent content = content(Map.of("hosts[0]", "own"), Map.of("hosts", "a,b"));
		assertThat(values(content)).containsExactlyEntriesOf(Map.of("hosts[0]", "own"));
	}

	@Test
	void aMapIsTakenFromAllFilesAndItsKeysAreNotSpelledAnew() {
		RevisionContent content = content(Map.of("jpa.[hibernate.order_inserts]", true, "weights[Two-Words]", 1),
				Map.of("jpa.[hibernate.batch_size]", 50, "weights[twoWords]", 2, "weights[Two-Words]", 3));
		assertThat(values(content)).containsExactlyInAnyOrderEntriesOf(Map.of("jpa.[hibernate.order_inserts]", true,
				"jpa.[hibernate.batch_size]", 50, "weights[Two-Words]", 1, "weights[twoWords]", 2));
		assertThat(content.changedKeys(content(Map.of()))).containsExactly("jpa[hibernate.batch_size]",
				"jpa[hibernate.order_inserts]", "weights[Two-Words]", "weights[twoWords]");
	}

	@Test
	void changesAreKeysThatAreNewGoneOrDifferent() {
		RevisionContent before = content(Map.of("same", 1, "gone", 1, "other", 1));
		RevisionContent after = content(Map.of("same", 1, "new", 1, "other", 2));
		assertThat(before.changedKeys(after)).containsExactly("gone", "new", "other");
		assertThat(before.changedKeys(before)).isEmpty();
	}

	@Test
	void secretsAreKnownByTheirOriginAndTakenOutOfTexts() {
		RevisionContent content = content(Map.of("password",
				Map.of("value", "open sesame", "origin", "user-service.yml:3:11" + RevisionContent.SECRET)));
		assertThat(content.properties()).containsEntry("password",
				new Property("open sesame", "user-service.yml:3:11", true));
		assertThat(content.redact("'open sesame' is too short")).isEqualTo("'******' is too short");
	}

	@Test
	void aSecretThatBeginsWithAnotherIsTakenOutAsAWhole() {
		Map<String, Object> secrets = new LinkedHashMap<>();
		secrets.put("a", Map.of("value", "open", "origin", "x.yml:1:1" + RevisionContent.SECRET));
		secrets.put("b", Map.of("value", "open sesame", "origin", "x.yml:2:1" + RevisionContent.SECRET));
		assertThat(content(secrets).redact("open sesame, open")).isEqualTo("******, ******");
	}

	private static Map<String, Object> values(RevisionContent content) {
		Map<String, Object> values = new LinkedHashMap<>();
		content.properties().forEach((key, property) -> values.put(key, property.value()));
		return values;
	}

	@SafeVarargs
	private static RevisionContent content(Map<String, ?>... files) {
		Environment environment = new Environment("any", new String[0], null, "revision", null);
		for (Map<String, ?> file : files) {
			environment.add(new PropertySource("file", file));
		}
		return RevisionContent.of(environment);
	}

}
