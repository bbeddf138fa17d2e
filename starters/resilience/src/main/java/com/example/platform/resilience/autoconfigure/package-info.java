/**
 * Wiring of resilience. Guarded by {@code ResilienceIntegrationTests}.
 */
@NullMarked
package com.example.platform.resilience.autoconfigure;

import org.jspecify.annotations.NullMarked;
