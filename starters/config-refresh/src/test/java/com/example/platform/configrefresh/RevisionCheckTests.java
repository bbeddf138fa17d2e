package com.example.platform.configrefresh;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.example.platform.configrefresh.RevisionCheck.Verdict;
import com.example.platform.configrefresh.RevisionContent.Property;
import com.example.platform.configrefresh.RevisionPropertySource.Source;
import jakarta.validation.constraints.Max;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static org.assertj.core.api.Assertions.assertThat;

class RevisionCheckTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	private final RevisionPropertySource inUse = new RevisionPropertySource("shop", "default", revision("r0", 1),
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
				validator);
	}

	@AfterEach
	void close() {
		validator.close();
	}

	@Test
	void eachRevisionIsJudgedByWhatItSaysItself() {
		assertThat(check(revision("r1", 11)).problems()).singleElement()
			.hasToString("shop.yml:2 limits.max-lines: must be less than or equal to 10");
		Verdict good = check(revision("r2", 9));
		assertThat(good.problems()).isEmpty();
		assertThat(check(new RevisionContent("r3", Map.of())).problems()).isEmpty();
		assertThat(limits.get().maxLines()).as("nothing in use is touched").isEqualTo(1);
		live.complete(good.reload());
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
	void whatTheApplicationIsToldOtherwiseStands() {
		check(revision("r1", 2));
		environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of("limits.maxLines", "3")));
		Verdict verdict = check(revision("r2", 11));
		assertThat(verdict.problems()).isEmpty();
		live.complete(verdict.reload());
		assertThat(limits.get().maxLines()).isEqualTo(3);
	}

	private Verdict check(RevisionContent next) {
		return check.check(next, inUse.content().changedKeys(next));
	}

	private static RevisionContent revision(String id, int maxLines) {
		return new RevisionContent(id, Map.of("limits.max-lines", new Property(maxLines, "shop.yml:2:14", false)));
	}

	@ConfigurationProperties("limits")
	record Limits(@DefaultValue("5") @Max(10) int maxLines) {
	}

}
