package com.example.platform.configclient.keys;

import com.example.platform.liveconfiguration.KeyNames;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PrecedenceTests {

	private final Precedence precedence = new Precedence();

	@Test
	void theFirstFileWithAKeyWinsHoweverItIsSpelled() {
		assertThat(takes("deli.max-lines", "own")).isTrue();
		assertThat(takes("deli.maxLines", "all")).isFalse();
		assertThat(takes("deli.other", "all")).isTrue();
	}

	@Test
	void aListIsTakenAsAWholeFromOneFile() {
		assertThat(takes("hosts[0]", "own")).isTrue();
		assertThat(takes("hosts[1]", "own")).isTrue();
		assertThat(takes("hosts[2]", "all")).isFalse();
		assertThat(takes("hosts", "all")).as("in one line").isFalse();
	}

	@Test
	void aListInOneLineHidesOneInSeveral() {
		assertThat(takes("hosts", "own")).isTrue();
		assertThat(takes("hosts[0]", "all")).isFalse();
	}

	@Test
	void aMapIsTakenFromAllFiles() {
		assertThat(takes("weights[a]", "own")).isTrue();
		assertThat(takes("weights[b]", "all")).isTrue();
		assertThat(takes("weights[a]", "all")).isFalse();
	}

	private boolean takes(String key, String file) {
		return precedence.take(KeyNames.of(key), file);
	}

}
