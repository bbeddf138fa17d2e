package com.example.platform.configclient.reporting;

import com.example.platform.configclient.revision.RevisionPropertySource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Hides what the config server has decrypted from the actuator, also where it is told to
 * show values: under its own key, and wherever a placeholder was replaced by it.
 *
 * @param source the properties of the config server; {@code null} for none
 */
public record SecretsStaySecret(@Nullable RevisionPropertySource source) implements SanitizingFunction {

	@Override
	public SanitizableData apply(SanitizableData data) {
		return (source != null && isSecret(data, source)) ? data.withSanitizedValue() : data;
	}

	private static boolean isSecret(SanitizableData data, RevisionPropertySource source) {
		boolean ownKey = data.getPropertySource() instanceof RevisionPropertySource && source.isSecret(data.getKey());
		return ownKey || (data.getValue() != null && source.showsSecret(data.getValue().toString()));
	}

}
