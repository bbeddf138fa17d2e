/**
 * Work on a schedule, once per cluster. Guarded by {@code JobsIntegrationTests}.
 */
@NullMarked
package com.example.platform.scheduling;

import org.jspecify.annotations.NullMarked;
