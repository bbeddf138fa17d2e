/**
 * The instances of each service, as Consul knows them, followed by one blocking query per
 * service and process. Guarded by {@code ServiceDirectoryIntegrationTests} and
 * {@code DiscoveryNameResolverIntegrationTests}.
 */
@NullMarked
package com.example.platform.discovery;

import org.jspecify.annotations.NullMarked;
