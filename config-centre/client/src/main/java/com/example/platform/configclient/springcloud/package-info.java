/**
 * Adapters to Spring Cloud: how its config client loads the configuration at start, and
 * how beans are renewed that are not live records. Guarded mostly by
 * {@code ConfigCentreIntegrationTests} of the config server.
 */
@NullMarked
package com.example.platform.configclient.springcloud;

import org.jspecify.annotations.NullMarked;
