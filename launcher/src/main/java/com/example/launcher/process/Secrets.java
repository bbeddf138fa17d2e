package com.example.launcher.process;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Environment variables that config-server alone may see: the key that decrypts the
 * configuration and the token that lets change it. Child processes inherit all others.
 */
public final class Secrets {

	private static final String ENCRYPTION = "ENCRYPT_";

	private static final String TOKEN = "PLATFORM_CONFIG_SERVER_TOKEN";

	private Secrets() {
	}

	/** Those among the variables of this process. */
	public static Map<String, String> ofConfigServer() {
		return System.getenv()
			.entrySet()
			.stream()
			.filter((variable) -> isSecret(variable.getKey()))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	/** Removes them from the variables a child would inherit. */
	static void withhold(Map<String, String> environment) {
		environment.keySet().removeIf(Secrets::isSecret);
	}

	private static boolean isSecret(String name) {
		return name.startsWith(ENCRYPTION) || name.equals(TOKEN);
	}

}
