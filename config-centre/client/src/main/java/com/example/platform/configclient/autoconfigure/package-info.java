/**
 * Wiring of live configuration. Guarded by
 * {@code PlatformConfigClientAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.configclient.autoconfigure;

import org.jspecify.annotations.NullMarked;
