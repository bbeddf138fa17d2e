/**
 * The instances of each service, as Consul knows them, followed by one blocking query per
 * service and process. Guarded by {@code ServiceDirectoryTests} and
 * {@code DiscoveryIntegrationTests}.
 */
@NullMarked
package com.example.platform.discovery;

import org.jspecify.annotations.NullMarked;
