/**
 * Wiring of observability. Guarded by {@code ObservabilityAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.observability.autoconfigure;

import org.jspecify.annotations.NullMarked;
