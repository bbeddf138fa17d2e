/**
 * Locks and leadership in a cluster. Guarded by {@code ConsulLocksIntegrationTests} andn
 * * {@code LeaseTests}.
 */
@NullMarked
package com.example.platform.scheduling.lock;

import org.jspecify.annotations.NullMarked;
