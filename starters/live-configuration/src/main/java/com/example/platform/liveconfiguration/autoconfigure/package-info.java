/**
 * Wiring of live configuration. Guarded by
 * {@code LiveConfigurationAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.liveconfiguration.autoconfigure;

import org.jspecify.annotations.NullMarked;
