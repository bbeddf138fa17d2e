/**
 * Wiring of load balancing. Guarded by {@code LoadBalancingAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.loadbalancing.autoconfigure;

import org.jspecify.annotations.NullMarked;
