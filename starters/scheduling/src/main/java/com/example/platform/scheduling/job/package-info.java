/**
 * Jobs: what runs by a schedule or on demand, once in the cluster, with a history.
 * Guarded by {@code JobsIntegrationTests}.
 */
@NullMarked
package com.example.platform.scheduling.job;

import org.jspecify.annotations.NullMarked;
