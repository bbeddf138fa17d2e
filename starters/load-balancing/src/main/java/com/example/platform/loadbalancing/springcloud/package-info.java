/**
 * Lets HTTP calls through Spring Cloud LoadBalancer, the gateway's {@code lb://} routes
 * among them, choose by the {@link com.example.platform.loadbalancing.CalledService} of
 * their service. Guarded by {@code CalledServiceReactorLoadBalancerIntegrationTests}.
 */
@NullMarked
package com.example.platform.loadbalancing.springcloud;

import org.jspecify.annotations.NullMarked;
