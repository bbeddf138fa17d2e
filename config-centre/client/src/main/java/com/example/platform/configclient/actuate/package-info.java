/**
 * The state of the configuration as health detail and as meters. Guarded by
 * {@code ConfigCentreIntegrationTests} of the config server.
 */
@NullMarked
package com.example.platform.configclient.actuate;

import org.jspecify.annotations.NullMarked;
