package com.example.platform.discovery.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of discovery beyond Spring Cloud Consul's own keys.
 *
 * @param enabled Whether to register this instance and to resolve services.
 * @param outageGrace Time that the last known instances of a service stay when Consul
 * comes back from an outage without any.
 * @param drainDelay Time between deregistration and the end of accepting calls, for
 * callers to notice.
 */
@ConfigurationProperties("platform.discovery")
record DiscoveryProperties(@DefaultValue("true") boolean enabled, @DefaultValue("10s") Duration outageGrace,
		@DefaultValue("500ms") Duration drainDelay) {

}
