package com.example.platform.discovery.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import com.example.platform.liveconfiguration.RequiresRestart;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of discovery beyond Spring Cloud Consul's own keys.
 *
 * @param enabled Whether to register this instance and to resolve services.
 * @param outageGrace Time that instances stay available which Consul does not know any
 * more when it comes back from an outage.
 * @param drainDelay Time between the instance's leaving the balancing and the end of
 * accepting calls, for callers to notice.
 * @param weight Share of the calls that this instance gets, relative to the others.
 * @param snapshots Folder that keeps the last list of each service's instances, for a
 * start while Consul is away; by default a folder beside the configuration's snapshots.
 * @param snapshotMaxAge Time after Consul last confirmed a kept list until it is too old
 * to be used.
 */
@ConfigurationProperties("platform.discovery")
record DiscoveryProperties(@RequiresRestart @DefaultValue("true") boolean enabled,
		@RequiresRestart @DefaultValue("10s") Duration outageGrace,
		@RequiresRestart @DefaultValue("500ms") Duration drainDelay, @DefaultValue("1") int weight,
		@RequiresRestart @Nullable Path snapshots, @RequiresRestart @DefaultValue("1h") Duration snapshotMaxAge) {

	DiscoveryProperties {
		if (weight < 0) {
			throw new IllegalArgumentException("weight must be at least 0");
		}
	}

}
