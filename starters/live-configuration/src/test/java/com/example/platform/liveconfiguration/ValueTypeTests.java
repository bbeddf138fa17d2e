package com.example.platform.liveconfiguration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ValueTypeTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			java.lang.Boolean  | true or false
			java.lang.Integer  | a whole number (Integer)
			java.time.Duration | a duration (java.time.Duration) such as 500ms or 2s
			java.lang.String   |
			com.example.Mine   |
			""")
	void tellsWhatAValueHasToBe(String type, String expected) {
		assertThat(new ValueType(type).expected()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			java.lang.String                             | true
			java.time.Duration                           | true
			org.springframework.util.unit.DataSize       | true
			java.lang.Object                             | false
			java.lang.String[]                           | false
			java.util.List<java.lang.String>             | false
			java.util.Map<java.lang.String,java.net.URI> | false
			com.example.Mine                             | false
			""")
	void aSingleValueHasNoParts(String type, boolean single) {
		assertThat(new ValueType(type).isSingle()).isEqualTo(single);
	}

	@Test
	void aListHasElements() {
		assertThat(new ValueType("java.util.Set<java.net.URI>").element()).isEqualTo(new ValueType("java.net.URI"));
		assertThat(new ValueType("java.lang.String[]").element()).isEqualTo(new ValueType("java.lang.String"));
		assertThat(new ValueType("java.lang.String").element()).isNull();
	}

}
