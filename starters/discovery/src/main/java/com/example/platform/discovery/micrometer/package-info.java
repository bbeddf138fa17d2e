/**
 * What discovery knows, as meters. Guarded by {@code DiscoveryMetricsIntegrationTests}.
 */
@NullMarked
package com.example.platform.discovery.micrometer;

import org.jspecify.annotations.NullMarked;
