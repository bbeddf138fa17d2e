package com.example.configserver.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.context.encrypt.EncryptorFactory;
import org.springframework.security.crypto.encrypt.TextEncryptor;

/**
 * The key that encrypted values are made and read with. A value is encrypted as Spring
 * Cloud Config does it with the same key and its own defaults, so that values can be
 * taken over from there. Safe for use by many threads. Neither {@link #toString()} nor an
 * exception shows the key or a value.
 *
 * <p>
 * A key of less than 16 characters is refused: the key is stretched only a little, and
 * whoever has the files can guess a short one.
 */
public final class Secrets {

	static final String PREFIX = "{cipher}";

	private static final int SHORTEST = 16;

	private static final String REMEDY = "set ENCRYPT_KEY, or name a file that holds the key by"
			+ " PLATFORM_CONFIG_SERVER_ENCRYPT_KEY_FILE, for the config server";

	private static final String NEW_KEY = "make one by `openssl rand -base64 32`";

	private final @Nullable TextEncryptor encryptor;

	private Secrets(@Nullable TextEncryptor encryptor) {
		this.encryptor = encryptor;
	}

	/**
	 * Returns what a server without a key has: it refuses encrypted values.
	 * @return without a key
	 */
	public static Secrets none() {
		return new Secrets(null);
	}

	/**
	 * Takes a key.
	 * @param key at least 16 characters that are hard to guess, or an RSA private key in
	 * PEM ({@code BEGIN RSA PRIVATE KEY})
	 * @return with this key
	 * @throws IllegalArgumentException with a remedy, if the key cannot be used
	 */
	public static Secrets ofKey(String key) {
		return create(key, "The key in ENCRYPT_KEY");
	}

	/**
	 * Reads a key from a file. White space around it does not count.
	 * @param file a file that holds nothing but the key
	 * @return with this key
	 * @throws IllegalArgumentException with a remedy, if there is no usable key in it
	 */
	public static Secrets ofKeyFile(Path file) {
		String name = "The key file " + file.toAbsolutePath();
		try {
			return create(Files.readString(file), name);
		}
		catch (IOException ex) {
			// Its message could hold no more than the path.
			throw new IllegalArgumentException(
					name + ", named by PLATFORM_CONFIG_SERVER_ENCRYPT_KEY_FILE, cannot be read as text ("
							+ ex.getClass().getSimpleName() + "). Does it exist, and may the config server read it?",
					ex);
		}
	}

	private static Secrets create(String text, String name) {
		String key = text.strip();
		if (key.isEmpty()) {
			throw new IllegalArgumentException(name + " is empty: " + NEW_KEY + ".");
		}
		boolean pem = key.contains("RSA PRIVATE KEY");
		if (!pem && (key.contains("-----BEGIN") || key.startsWith("ssh-"))) {
			throw new IllegalArgumentException(name + " must be an RSA private key that begins with"
					+ " -----BEGIN RSA PRIVATE KEY-----: convert it by `openssl rsa -traditional`.");
		}
		if (key.length() < SHORTEST) {
			throw new IllegalArgumentException(
					name + " is shorter than " + SHORTEST + " characters and can be guessed: " + NEW_KEY + ".");
		}
		try {
			return new Secrets(new EncryptorFactory().create(key));
		}
		catch (RuntimeException ex) {
			// The cause could show the key.
			throw new IllegalArgumentException(name + " is no valid RSA private key in PEM.");
		}
	}

	static boolean isEncrypted(String value) {
		return value.startsWith(PREFIX);
	}

	/**
	 * Decrypts a value of a file.
	 * @return the text that was encrypted; the value itself if it is not encrypted
	 * @throws IllegalStateException with a remedy, if it cannot be decrypted
	 */
	String decrypt(String value) {
		if (!isEncrypted(value)) {
			return value;
		}
		if (encryptor == null) {
			throw new IllegalStateException("cannot be decrypted, because the config server has no key: " + REMEDY);
		}
		String decrypted = null;
		try {
			decrypted = encryptor.decrypt(value.substring(PREFIX.length()).strip());
		}
		catch (RuntimeException ex) {
			// Its message can hold parts of the value.
		}
		// One wrong key in 256 passes for right, but leaves no text.
		if (decrypted == null || decrypted.indexOf('\uFFFD') >= 0) {
			throw new IllegalStateException("cannot be decrypted: it was encrypted with another key, or is damaged;"
					+ " encrypt it again with the config server's key");
		}
		return decrypted;
	}

	/**
	 * Encrypts a text.
	 * @param text what is to be kept secret
	 * @return a value for a file; another one each time
	 * @throws IllegalStateException with a remedy, if there is no key
	 */
	public String encrypt(String text) {
		if (encryptor == null) {
			throw new IllegalStateException("The config server has no key to encrypt with: " + REMEDY + ".");
		}
		return PREFIX + encryptor.encrypt(text);
	}

	@Override
	public String toString() {
		return "Secrets[" + ((encryptor != null) ? "with a key" : "without a key") + "]";
	}

}
