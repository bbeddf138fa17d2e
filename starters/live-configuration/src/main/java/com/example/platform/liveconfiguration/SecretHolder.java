package com.example.platform.liveconfiguration;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * A property source that knows which of its values are secrets.
 */
public interface SecretHolder {

	/**
	 * Takes secrets out of a text.
	 * @param text any text
	 * @return the text with asterisks for secrets
	 */
	String redact(String text);

	/**
	 * Takes out of a text what any property source of an environment holds as a secret.
	 * @param environment the environment
	 * @param text any text
	 * @return the text with asterisks for secrets
	 */
	static String redact(ConfigurableEnvironment environment, String text) {
		String redacted = text;
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (source instanceof SecretHolder holder) {
				redacted = holder.redact(redacted);
			}
		}
		return redacted;
	}

}
