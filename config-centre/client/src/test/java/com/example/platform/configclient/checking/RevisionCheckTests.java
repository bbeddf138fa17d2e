package com.example.platform.configclient.checking;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import com.example.platform.configclient.checking.RevisionCheck.Verdict;
import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configclient.revision.RevisionContent.Property;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.example.platform.liveconfiguration.ConfigurationTrial;
import com.example.platform.liveconfiguration.Flaw;
import com.example.platform.liveconfiguration.LiveConfiguration;
import jakarta.validation.constraints.Max;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static org.assertj.core.api.Assertions.assertThat;

class RevisionCheckTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	private final RevisionPropertySource inUse = new RevisionPropertySource("deli", "default", revision("r0", 1),
			Source.SERVER);

	private final LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean();

	private final LiveConfiguration live;

	private final Supplier<Limits> limits;

	private final RevisionCheck check;

	RevisionCheckTests() {
		validator.afterPropertiesSet();
		environment.getPropertySources().addLast(inUse);
		live = new LiveConfiguration(environment, validator);
		limits = live.bind(Limits.class);
		check = new RevisionCheck(environment, live, List.of(), new ConfigKeys(List.of(), live.records(), List.of()),
				validator, List.of());
	}

	@AfterEach
	void close() {
		validator.close();
	}

	@Test
	void eachRevisionIsJudgedByWhatItSaysItself() {
		assertThat(check(revision("r1", 11)).problems()).singleElement()
			.hasToString("deli.yml:2 limits.max-lines: must be less than or equal to 10");
		Verdict good = check(revision("r2", 9));
		assertThat(good.problems()).isEmpty();
		assertThat(check(new RevisionContent("r3", Map.of())).problems()).isEmpty();
		assertThat(limits.get().maxLines()).as("nothing in use is touched").isEqualTo(1);
		live.complete(good.records());
		assertThat(limits.get().maxLines()).isEqualTo(9);
	}

	@Test
	void allSpellingsOfAKeyConcernItsRecord() {
		for (String spelling : List.of("limits.max-lines", "limits.maxLines", "limits.maxlines", "LIMITS.MAX_LINES")) {
			assertThat(check(new RevisionContent("r", Map.of(spelling, new Property(11, null, false)))).problems())
				.as(spelling)
				.hasSize(1);
		}
	}

	@Test
	void aLogLevelIsCheckedHoweverItsLoggerIsWritten() {
		for (String key : List.of("logging.level.com.example", "logging.level[com.example]")) {
			assertThat(check(new RevisionContent("r", Map.of(key, new Property("debug", null, false)))).problems())
				.as(key)
				.isEmpty();
			assertThat(check(new RevisionContent("r", Map.of(key, new Property("verbose", null, false)))).problems())
				.as(key)
				.hasSize(1);
		}
	}

	@Test
	void whatTheApplicationIsToldOtherwiseStands() {
		check(revision("r1", 2));
		environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of("limits.maxLines", "3")));
		Verdict verdict = check(revision("r2", 11));
		assertThat(verdict.problems()).isEmpty();
		live.complete(verdict.records());
		assertThat(limits.get().maxLines()).isEqualTo(3);
	}

	@Test
	void aPlaceholderThatNothingDefinesIsRefusedWithItsPlace() {
		assertThat(check(revision("r1", "${no.such.key}")).problems()).isNotEmpty()
			.allSatisfy((problem) -> assertThat(problem.toString())
				.startsWith("deli.yml:2 limits.max-lines: has the placeholder ${no.such.key}"));
		assertThat(check(revision("r2", "${no.such.key:7}")).problems()).isEmpty();
		environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of("NO_SUCH_KEY", "8")));
		assertThat(check(revision("r3", "${NO_SUCH_KEY}")).problems()).isEmpty();
		assertThat(check(revision("r4", "${limits.max-lines}")).problems()).isNotEmpty();
	}

	@Test
	void soIsOneInAKeyThatNobodyIsKnownToReadUnlessTheFileIsForAll() {
		assertThat(check(content("other.key", "${no.such.key}", "deli.yml:3:1")).problems()).hasSize(1);
		assertThat(check(content("other.key", "\\${no.such.key}", "deli.yml:3:1")).problems()).isEmpty();
		assertThat(check(content("other.key", "${no.such.key}", "application.yml:3:1")).problems()).isEmpty();
		assertThat(check(content("logging.level.x", "${no.such.key}", "application.yml:3:1")).problems()).hasSize(1);
		assertThat(check(content("limits.max-lines", "${no.such.key}", "application.yml:3:1")).problems()).hasSize(1);
	}

	@Test
	void aMisspelledKeyOfARecordIsRefusedWithTheNearest() {
		assertThat(check(content("limits.max-lnes", 3, "deli.yml:2:1")).problems()).singleElement()
			.hasToString("deli.yml:2 limits.max-lnes: is unknown; the nearest key that exists is limits.max-lines");
	}

	@Test
	void whatATrialFindsRefusesARevisionThatConcernsIt() {
		RevisionCheck tried = new RevisionCheck(environment, live, List.of(),
				new ConfigKeys(List.of(), live.records(), List.of()), validator, List.of(new ConfigurationTrial() {

					@Override
					public List<String> prefixes() {
						return List.of("routes");
					}

					@Override
					public List<Flaw> tryOut(Environment candidate) {
						String path = candidate.getProperty("routes[0].path", "none");
						return path.startsWith("/") ? List.of() : List.of(new Flaw("routes[0]", path + " is no path"));
					}

				}));
		assertThat(tried.tryOut(content("routes[0].path", "/x", "deli.yml:4:2"), Set.of("routes[0].path")).problems())
			.isEmpty();
		assertThat(tried.tryOut(content("routes[0].path", "x", "deli.yml:4:2"), Set.of("routes[0].path")).problems())
			.singleElement()
			.hasToString("deli.yml:4 routes[0]: x is no path");
		assertThat(tried.tryOut(content("other", "x", "deli.yml:4:2"), Set.of("other")).problems()).isEmpty();
	}

	private Verdict check(RevisionContent next) {
		return check.tryOut(next, inUse.content().changedKeys(next));
	}

	private static RevisionContent content(String key, Object value, String origin) {
		return new RevisionContent("r", Map.of(key, new Property(value, origin, false)));
	}

	private static RevisionContent revision(String id, Object maxLines) {
		return new RevisionContent(id, Map.of("limits.max-lines", new Property(maxLines, "deli.yml:2:14", false)));
	}

	@ConfigurationProperties("limits")
	record Limits(@DefaultValue("5") @Max(10) int maxLines) {
	}

}
