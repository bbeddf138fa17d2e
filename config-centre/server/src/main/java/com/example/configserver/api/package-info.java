/**
 * The HTTP API of the configuration centre, with the words of {@code ./dev config}.
 * Guarded by {@code ConfigCentreIntegrationTests}.
 */
@NullMarked
package com.example.configserver.api;

import org.jspecify.annotations.NullMarked;
