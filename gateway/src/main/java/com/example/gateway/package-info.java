/**
 * The one way in: routes to the services, limits and timeouts, one error format. Guarded
 * by {@code GatewayIntegrationTests}.
 */
@NullMarked
package com.example.gateway;

import org.jspecify.annotations.NullMarked;
