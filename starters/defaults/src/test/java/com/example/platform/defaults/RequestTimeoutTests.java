package com.example.platform.defaults;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RequestTimeoutTests {

	@Test
	void wholeMillisecondsAreRead() {
		assertThat(RequestTimeout.parse("300")).hasValue(Duration.ofMillis(300));
		assertThat(RequestTimeout.parse("0")).hasValue(Duration.ZERO);
		assertThat(RequestTimeout.parse("999999999")).hasValue(Duration.ofMillis(999_999_999));
	}

	@Test
	void whatIsNotWellFormedCountsAsAbsent() {
		for (String value : new String[] { null, "", " ", "-1", "+1", "1.5", "300m", "1s", "1e3", "0x10", "1000000000",
				"99999999999999999999", "\u0663" }) {
			assertThat(RequestTimeout.parse(value)).as(value).isEmpty();
		}
	}

	@Test
	void whatIsWrittenIsNeverMoreThanWhatIsLeft() {
		assertThat(RequestTimeout.format(Duration.ofNanos(1_999_999))).isEqualTo("1");
		assertThat(RequestTimeout.format(Duration.ofMillis(-1))).isEqualTo("0");
	}

}
