/**
 * How calls over HTTP are guarded. Guarded by {@code ResilienceIntegrationTests}.
 */
@NullMarked
package com.example.platform.resilience.restclient;

import org.jspecify.annotations.NullMarked;
