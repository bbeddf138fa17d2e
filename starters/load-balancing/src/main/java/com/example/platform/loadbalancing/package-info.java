/**
 * Chooses an instance for each call, the same way over gRPC and over HTTP. A
 * {@link com.example.platform.loadbalancing.CalledService} knows the nodes of one
 * service, what calls experienced, and which nodes are out; it builds an immutable
 * {@link com.example.platform.loadbalancing.Balancer} at each change. Guarded by
 * {@code CalledServiceTests}.
 */
@NullMarked
package com.example.platform.loadbalancing;

import org.jspecify.annotations.NullMarked;
