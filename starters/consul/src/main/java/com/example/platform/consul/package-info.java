/**
 * Reads, writes and watches what the local Consul agent knows. Guarded by
 * {@code BlockingQueryTests} and {@code ConsulIntegrationTests}.
 */
@NullMarked
package com.example.platform.consul;

import org.jspecify.annotations.NullMarked;
