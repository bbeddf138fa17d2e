/**
 * Wiring of registration and discovery. Guarded by
 * {@code DiscoveryAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.discovery.autoconfigure;

import org.jspecify.annotations.NullMarked;
