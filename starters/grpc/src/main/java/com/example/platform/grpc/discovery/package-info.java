/**
 * Lets gRPC channels follow the {@link com.example.platform.discovery.ServiceDirectory}:
 * targets such as {@code discovery:///user-service}.
 */
@NullMarked
package com.example.platform.grpc.discovery;

import org.jspecify.annotations.NullMarked;
