/**
 * Locks held by Consul sessions. Guarded by {@code ConsulLocksIntegrationTests}.
 */
@NullMarked
package com.example.platform.scheduling.lock.consul;

import org.jspecify.annotations.NullMarked;
