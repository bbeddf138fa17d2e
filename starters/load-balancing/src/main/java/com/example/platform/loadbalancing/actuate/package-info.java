/**
 * Shows what balancing does: metrics for each service and instance, and an actuator
 * endpoint. Guarded by {@code LoadBalancingEndpointIntegrationTests}.
 */
@NullMarked
package com.example.platform.loadbalancing.actuate;

import org.jspecify.annotations.NullMarked;
