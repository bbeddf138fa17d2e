/**
 * Wiring of live configuration. Guarded by {@code ConfigRefreshAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.configrefresh.autoconfigure;

import org.jspecify.annotations.NullMarked;
