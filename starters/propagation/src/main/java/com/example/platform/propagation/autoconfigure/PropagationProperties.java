package com.example.platform.propagation.autoconfigure;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of propagation.
 *
 * @param enabled Whether requests pass on what they carry.
 * @param headers Names of the HTTP headers and gRPC metadata entries that go along.
 */
@ConfigurationProperties("platform.propagation")
record PropagationProperties(@DefaultValue("true") boolean enabled, @DefaultValue("x-canary") List<String> headers) {

}
