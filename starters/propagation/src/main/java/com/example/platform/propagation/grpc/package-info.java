/**
 * What a request carries, kept in gRPC's context, and how it gets there and on from
 * there. Guarded by {@code PropagationIntegrationTests}.
 */
@NullMarked
package com.example.platform.propagation.grpc;

import org.jspecify.annotations.NullMarked;
