package com.example.platform.admission;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ImportanceTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			u=7                | BACKGROUND
			'u=7, i'           | BACKGROUND
			i,u=7;x=1          | BACKGROUND
			' u=7 '            | BACKGROUND
			u=3                | INTERACTIVE
			u=70               | INTERACTIVE
			xu=7               | INTERACTIVE
			''                 | INTERACTIVE
			                   | INTERACTIVE
			""", delimiter = '|')
	void onlyTheUrgencyOfBackgroundWorkIsBackground(@Nullable String priority, Importance importance) {
		assertThat(Importance.of(priority)).isEqualTo(importance);
	}

}
