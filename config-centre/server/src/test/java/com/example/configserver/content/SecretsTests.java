package com.example.configserver.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.UUID;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.cloud.bootstrap.encrypt.KeyProperties;
import org.springframework.cloud.bootstrap.encrypt.RsaProperties;
import org.springframework.cloud.bootstrap.encrypt.TextEncryptorUtils;
import org.springframework.security.crypto.encrypt.TextEncryptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SecretsTests {

	private final String key = UUID.randomUUID().toString();

	@Test
	void whatIsEncryptedCanBeDecrypted() {
		Secrets secrets = Secrets.ofKey(key);
		String value = secrets.encrypt("geheim ä");
		assertThat(value).startsWith("{cipher}").doesNotContain("geheim").isNotEqualTo(secrets.encrypt("geheim ä"));
		assertThat(secrets.decrypt(value)).isEqualTo("geheim ä");
		assertThat(secrets.decrypt("plain")).isEqualTo("plain");
		assertThat(secrets).hasToString("Secrets[with a key]");
	}

	@Test
	void valuesOfAStockConfigServerCanBeTakenOver() {
		String value = "{cipher}" + stock(key).encrypt("geheim");
		assertThat(Secrets.ofKey(key).decrypt(value)).isEqualTo("geheim");
		assertThat(stock(key).decrypt(Secrets.ofKey(key).encrypt("geheim").substring("{cipher}".length())))
			.isEqualTo("geheim");
	}

	@Test
	void anRsaKeyCanBeUsedToo() throws IOException, NoSuchAlgorithmException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(2048);
		KeyPair pair = generator.generateKeyPair();
		String pem = pem("RSA PRIVATE KEY", pkcs1(pair.getPrivate()));
		assertThat(Secrets.ofKey(pem).decrypt("{cipher}" + stock(pem).encrypt("geheim"))).isEqualTo("geheim");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Secrets.ofKey(pem("PRIVATE KEY", pair.getPrivate().getEncoded())))
			.withMessageContaining("openssl rsa -traditional");
		assertThatIllegalArgumentException().isThrownBy(() -> Secrets.ofKey(pem("RSA PRIVATE KEY", new byte[50])))
			.withMessageContaining("no valid RSA private key");
	}

	@Test
	void anotherKeyIsNamedAsTheCauseEachTime() {
		String value = Secrets.ofKey(key).encrypt("geheim");
		// One key in 256 would pass for right by its padding.
		for (int i = 0; i < 1000; i++) {
			Secrets other = Secrets.ofKey(UUID.randomUUID().toString());
			assertThatIllegalStateException().isThrownBy(() -> other.decrypt(value))
				.withMessageContaining("encrypted with another key, or is damaged")
				.withMessageNotContaining(value.substring(8, 20))
				.withNoCause();
		}
	}

	@Test
	void withoutAKeyTheRemedyIsNamed() {
		assertThatIllegalStateException().isThrownBy(() -> Secrets.none().decrypt("{cipher}00"))
			.withMessageContaining("set ENCRYPT_KEY")
			.withMessageContaining("PLATFORM_CONFIG_SERVER_ENCRYPT_KEY_FILE");
		assertThatIllegalStateException().isThrownBy(() -> Secrets.none().encrypt("geheim"))
			.withMessageContaining("set ENCRYPT_KEY")
			.withMessageNotContaining("geheim");
		assertThat(Secrets.none().decrypt("plain")).isEqualTo("plain");
	}

	@Test
	void theKeyCanComeFromAFile(@TempDir Path folder) throws IOException {
		Path file = Files.writeString(folder.resolve("key"), key + "\n");
		assertThat(Secrets.ofKeyFile(file).decrypt(Secrets.ofKey(key).encrypt("geheim"))).isEqualTo("geheim");
		assertThatIllegalArgumentException().isThrownBy(() -> Secrets.ofKeyFile(Files.writeString(file, "\n")))
			.withMessageContaining(file.toString())
			.withMessageContaining("is empty: make one by `openssl rand -base64 32`");
		assertThatIllegalArgumentException().isThrownBy(() -> Secrets.ofKeyFile(Files.write(file, new byte[] { -1 })))
			.withMessageContaining("cannot be read as text");
		assertThatIllegalArgumentException().isThrownBy(() -> Secrets.ofKeyFile(folder.resolve("missing")))
			.withMessageContaining("missing")
			.withMessageContaining("PLATFORM_CONFIG_SERVER_ENCRYPT_KEY_FILE");
	}

	@Test
	void aShortKeyIsRefusedWithoutShowingIt() {
		assertThatIllegalArgumentException().isThrownBy(() -> Secrets.ofKey(key.substring(0, 15)))
			.withMessageContaining("shorter than 16 characters")
			.withMessageContaining("openssl rand")
			.withMessageNotContaining(key.substring(0, 15));
		assertThat(Secrets.ofKey(key.substring(0, 16))).isNotNull();
	}

	// What the server of Spring Cloud makes of encrypt.key.
	private static TextEncryptor stock(String key) {
		KeyProperties properties = new KeyProperties();
		properties.setKey(key);
		return TextEncryptorUtils.createTextEncryptor(properties, new RsaProperties());
	}

	private static byte[] pkcs1(PrivateKey key) throws IOException {
		return PrivateKeyInfo.getInstance(key.getEncoded()).parsePrivateKey().toASN1Primitive().getEncoded();
	}

	private static String pem(String type, byte[] content) {
		return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content)
				+ "\n-----END " + type + "-----\n";
	}

}
