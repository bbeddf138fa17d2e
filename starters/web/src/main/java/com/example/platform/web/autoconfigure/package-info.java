/**
 * Wiring of the web starter. Guarded by {@code PlatformWebAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.web.autoconfigure;

import org.jspecify.annotations.NullMarked;
