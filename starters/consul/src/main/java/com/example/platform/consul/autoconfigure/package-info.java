/**
 * Wiring of the Consul client. Guarded by {@code ConsulClientAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.consul.autoconfigure;

import org.jspecify.annotations.NullMarked;
