package com.example.configserver.content;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MaskingTests {

	@ParameterizedTest
	@CsvSource({ "name, {cipher}s3cret, {cipher}******", "db.password, s3cret, ******",
			"db.password, ${PASSWORD}, ${PASSWORD}", "db.password, ${PASSWORD:s3cret}, ******", "db.password, '', ''",
			"url, http://me:s3cret@host, http://me:******@host",
			"url, http://host/?token=s3cret&x=1, http://host/?token=******&x=1", "name, plain, plain" })
	void aSecretIsToldByItsFormOrItsKey(String key, String value, String shown) {
		assertThat(Masking.mask(key, value)).isEqualTo(shown);
	}

	@Test
	void whatLooksLikeASecretInACommentIsMasked() {
		assertThat(Masking.maskComments("# my-token: s3cret x\na: 1 ! Key=s3cret\nkey: a\n# no secret\n\n"))
			.isEqualTo("# my-token: ******\na: 1 ! Key=******\nkey: a\n# no secret\n\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "db.password", "db.PASSWORD", "api-key", "apiKeys[0]", "passwords[0][1]",
			"credentials.name", "my-secret.any.thing", "token" })
	void isTheNameOfASecret(String name) {
		assertThat(Masking.isSecret(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "db.user", "keys.public", "tokens.most", "keyboard", "[0]" })
	void isNoNameOfASecret(String name) {
		assertThat(Masking.isSecret(name)).isFalse();
	}

}
