package com.example.platform.web;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class Utf8InputStreamTests {

	@ParameterizedTest
	@ValueSource(strings = { "C0A2", "C080", "E080AF", "F08080AF", "EDA080", "F4908080", "80", "C3", "E282", "FF",
			"616263C322" })
	void whatIsNoUtf8IsRefused(String bytes) {
		assertThatExceptionOfType(CharacterCodingException.class)
			.isThrownBy(() -> read(HexFormat.of().parseHex(bytes), 8192));
		assertThatExceptionOfType(CharacterCodingException.class)
			.isThrownBy(() -> read(HexFormat.of().parseHex(bytes), 1));
	}

	@Test
	void whatIsUtf8PassesHoweverItIsCut() throws Exception {
		String text = IntStream.range(0, 1000).mapToObj((i) -> "aé€😀\0\uFFFE").reduce("", String::concat);
		for (int length = 1; length < 20; length++) {
			assertThat(read(text.getBytes(UTF_8), length)).isEqualTo(text);
		}
	}

	private static String read(byte[] bytes, int length) throws Exception {
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		byte[] buffer = new byte[length];
		try (InputStream stream = new Utf8InputStream(new ByteArrayInputStream(bytes))) {
			for (int count = 0; count >= 0; count = stream.read(buffer)) {
				read.write(buffer, 0, count);
			}
		}
		return read.toString(UTF_8);
	}

}
