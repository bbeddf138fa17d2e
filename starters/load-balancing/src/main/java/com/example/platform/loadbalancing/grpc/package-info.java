/**
 * Lets gRPC channels whose target is {@code discovery:///<service>} choose by the
 * {@link com.example.platform.loadbalancing.CalledService} of that service. Guarded by
 * {@code CalledServiceLoadBalancerIntegrationTests}.
 */
@NullMarked
package com.example.platform.loadbalancing.grpc;

import org.jspecify.annotations.NullMarked;
