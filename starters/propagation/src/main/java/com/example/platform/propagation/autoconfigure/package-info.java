/**
 * Wiring of propagation. Guarded by {@code PropagationAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.propagation.autoconfigure;

import org.jspecify.annotations.NullMarked;
