/**
 * How a gRPC server serves: fast handlers run on a pool of the cores' size, those that
 * block on a pool of their own; what cannot be decoded is refused, and metrics say whose
 * fault a failure was. Guarded by {@code ServerExecutorsTests} and
 * {@code GrpcFailuresIntegrationTests}.
 */
@NullMarked
package com.example.platform.grpc.server;

import org.jspecify.annotations.NullMarked;
