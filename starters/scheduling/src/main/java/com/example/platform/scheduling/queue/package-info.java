/**
 * The queue of runs and their history: two tables, changed together. Guarded by
 * {@code JobsIntegrationTests}.
 */
@NullMarked
package com.example.platform.scheduling.queue;

import org.jspecify.annotations.NullMarked;
