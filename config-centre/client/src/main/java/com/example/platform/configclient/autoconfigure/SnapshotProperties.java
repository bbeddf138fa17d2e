package com.example.platform.configclient.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of the starter.
 *
 * @param enabled Whether to follow the release that the config server announces.
 * @param snapshots Folder that keeps the last good revision of each service; by default
 * .cache/platform/config-snapshots in the user's home.
 * @param startTimeout How long a start waits for a config server when there is no
 * snapshot.
 */
@ConfigurationProperties("platform.config-client")
record SnapshotProperties(@DefaultValue("true") boolean enabled, Path snapshots,
		@DefaultValue("5m") Duration startTimeout) {

}
