package com.example.platform.defaults;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RequestIdTests {

	@ParameterizedTest
	@ValueSource(
			strings = { "a", "abc-123", "A.b_c", "0123456789012345678901234567890123456789012345678901234567890123" })
	void anIdThatIsFitForLogsAndHeadersIsKept(String id) {
		assertThat(RequestId.acceptOrCreate(id)).isEqualTo(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "<script>", "a\nb", "ä",
			"01234567890123456789012345678901234567890123456789012345678901234" })
	void anyOtherIsReplaced(String id) {
		assertThat(RequestId.acceptOrCreate(id)).isNotEqualTo(id).hasSize(36);
	}

	@Test
	void aMissingOneIsMade() {
		assertThat(RequestId.acceptOrCreate(null)).hasSize(36).isNotEqualTo(RequestId.acceptOrCreate(null));
	}

}
