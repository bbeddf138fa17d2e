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
		Set<String> followed = follow("shop.host", Map.of("shop.url", "https://${shop.host}/", "shop.orders",
				"${shop.url}orders", "other.url", "https://${other.host}/"));
		assertThat(followed).containsExactly("shop.host", "shop.orders", "shop.url");
	}

	@Test
	void spellingsDefaultsAndNestingDoNotMatter() {
		Set<String> followed = follow("shop.max-lines", Map.of("a", "${shop.maxLines:20}", "b",
				"${some:${shop.max-lines}}", "c", "${shop.maxlines}", "d", 5, "e", "shop.max-lines"));
		assertThat(followed).containsExactly("a", "b", "c", "shop.max-lines");
	}

	@Test
	void aNameThatIsPutTogetherMayBeAnyThatBeginsLikeIt() {
		assertThat(follow("endpoints.eu", Map.of("url", "${endpoints.${region}}", "other", "${endpoint.${region}}")))
			.containsExactly("endpoints.eu", "url");
	}

	@Test
	void theApplicationsOwnFilesMayReferToo() {
		environment.setProperty("orders.limits.max-lines", "${shop.max-lines}");
		assertThat(follow("shop.max-lines", Map.of())).containsExactly("orders.limits.max-lines", "shop.max-lines");
	}

	@Test
	void keysThatReferToEachOtherComeToAnEnd() {
		assertThat(follow("a", Map.of("a", "${b}", "b", "${a}"))).containsExactly("a", "b");
		assertThat(follow("c", Map.of("a", "${b}", "b", "${a}"))).containsExactly("c");
	}

	@Test
	void whatTheRevisionInUseReferredToCountsNoLonger() {
		environment.getPropertySources()
			.addLast(new RevisionPropertySource("shop", "default", content(Map.of("a", "${b}")), Source.SERVER));
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
