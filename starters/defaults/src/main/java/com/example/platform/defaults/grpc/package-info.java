/**
 * What starters agree on, for gRPC. Guarded by {@code GrpcFaultsTests}.
 */
@NullMarked
package com.example.platform.defaults.grpc;

import org.jspecify.annotations.NullMarked;
