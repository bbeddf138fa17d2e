/**
 * Wiring of the gRPC starter. Guarded by {@code PlatformGrpcAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.grpc.autoconfigure;

import org.jspecify.annotations.NullMarked;
