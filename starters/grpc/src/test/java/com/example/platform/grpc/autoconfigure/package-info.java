/**
 * Tests of the wiring of the gRPC starter.
 */
@NullMarked
package com.example.platform.grpc.autoconfigure;

import org.jspecify.annotations.NullMarked;
