/**
 * Lets gRPC channels follow the {@link com.example.platform.discovery.ServiceDirectory}:
 * targets such as {@code discovery:///user-service}.
 */
@NullMarked
package com.example.platform.grpc.resolver;

import org.jspecify.annotations.NullMarked;
