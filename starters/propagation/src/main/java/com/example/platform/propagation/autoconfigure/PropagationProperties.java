package com.example.platform.propagation.autoconfigure;

import java.util.List;

import jakarta.validation.constraints.Pattern;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Configuration of propagation.
 *
 * @param enabled Whether requests pass on what they carry.
 * @param headers Names of the HTTP headers and gRPC metadata entries that go along.
 */
@Validated
@ConfigurationProperties("platform.propagation")
record PropagationProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("x-canary") List<@Pattern(regexp = TEXT_ENTRY, flags = Pattern.Flag.CASE_INSENSITIVE,
				message = "use only letters, digits, '-', '_' and '.', and do not end in '-bin'") String> headers) {

	// What gRPC accepts as the name of a metadata entry that holds text; other names
	// would make each call fail.
	private static final String TEXT_ENTRY = "(?!.*-bin$)[0-9a-z_.-]+";

}
