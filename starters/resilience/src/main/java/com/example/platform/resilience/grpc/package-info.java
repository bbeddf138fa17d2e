/**
 * How calls over gRPC are guarded. Guarded by {@code ResilienceIntegrationTests}.
 */
@NullMarked
package com.example.platform.resilience.grpc;

import org.jspecify.annotations.NullMarked;
