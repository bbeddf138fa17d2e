/**
 * Locks held by database connections. Guarded by {@code PostgresLocksIntegrationTests}.
 */
@NullMarked
package com.example.platform.scheduling.lock.postgres;

import org.jspecify.annotations.NullMarked;
