/**
 * Tests of whose fault the end of a gRPC call is.
 */
@NullMarked
package com.example.platform.defaults.grpc;

import org.jspecify.annotations.NullMarked;
