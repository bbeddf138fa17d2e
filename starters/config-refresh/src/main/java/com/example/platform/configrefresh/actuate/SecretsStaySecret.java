package com.example.platform.configrefresh.actuate;

import com.example.platform.configrefresh.RevisionPropertySource;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Hides what the config server has decrypted from the actuator, also where it is told to
 * show values.
 */
public final class SecretsStaySecret implements SanitizingFunction {

	@Override
	public SanitizableData apply(SanitizableData data) {
		return (data.getPropertySource() instanceof RevisionPropertySource source && source.isSecret(data.getKey()))
				? data.withSanitizedValue() : data;
	}

}
