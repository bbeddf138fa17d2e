package com.example.platform.configclient.checking;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configclient.revision.RevisionContent.Property;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.configprotocol.InstanceReport.Source;
import org.junit.jupiter.api.Test;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class ReferencesTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void whatRefersToAChangedKeyChangesWithIt() {
		Set<String> followed = follow("deli.host", Map.of("deli.url", "https://${deli.host}/", "deli.orders",
				"${deli.url}orders", "other.url", "https://${other.host}/"));
		assertThat(followed).containsExactly("deli.host", "deli.orders", "deli.url");
	}

	@Test
	void spellingsDefaultsAndNestingDoNotMatter() {
		Set<String> followed = follow("deli.max-lines", Map.of("a", "${deli.maxLines:20}", "b",
				"${some:${deli.max-lines}}", "c", "${deli.maxlines}", "d", 5, "e", "deli.max-lines"));
		assertThat(followed).containsExactly("a", "b", "c", "deli.max-lines");
	}

	@Test
	void aNameThatIsPutTogetherMayBeAnyThatBeginsLikeIt() {
		assertThat(follow("endpoints.eu", Map.of("url", "${endpoints.${region}}", "other", "${endpoint.${region}}")))
			.containsExactly("endpoints.eu", "url");
	}

	@Test
	void theApplicationsOwnFilesMayReferToo() {
		environment.setProperty("orders.limits.max-lines", "${deli.max-lines}");
		assertThat(follow("deli.max-lines", Map.of())).containsExactly("deli.max-lines", "orders.limits.max-lines");
	}

	@Test
	void keysThatReferToEachOtherComeToAnEnd() {
		assertThat(follow("a", Map.of("a", "${b}", "b", "${a}"))).containsExactly("a", "b");
		assertThat(follow("c", Map.of("a", "${b}", "b", "${a}"))).containsExactly("c");
	}

	@Test
	void whatTheRevisionInUseReferredToCountsNoLonger() {
		environment.getPropertySources()
			.addLast(new RevisionPropertySource("deli", "default", content(Map.of("a", "${b}")), Source.SERVER));
		assertThat(follow("b", Map.of("a", "text"))).containsExactly("b");
	}

	private Set<String> follow(String changed, Map<String, Object> next) {
		return new References(environment).follow(Set.of(changed), content(next));
	}

	private static RevisionContent content(Map<String, Object> values) {
		return new RevisionContent("r", values.keySet()
			.stream()
			.collect(Collectors.toMap(Function.identity(), (key) -> new Property(values.get(key), null, false))));
	}

}
