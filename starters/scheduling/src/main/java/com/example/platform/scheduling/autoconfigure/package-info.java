/**
 * Wiring of jobs, locks and leadership. Guarded by {@code JobsIntegrationTests}.
 */
@NullMarked
package com.example.platform.scheduling.autoconfigure;

import org.jspecify.annotations.NullMarked;
