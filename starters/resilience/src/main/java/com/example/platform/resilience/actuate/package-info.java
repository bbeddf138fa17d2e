/**
 * Shows what is guarded and how it stands. Guarded by {@code ResilienceIntegrationTests}.
 */
@NullMarked
package com.example.platform.resilience.actuate;

import org.jspecify.annotations.NullMarked;
