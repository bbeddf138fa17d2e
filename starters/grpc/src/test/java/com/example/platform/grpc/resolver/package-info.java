/**
 * Tests of {@link com.example.platform.grpc.resolver}.
 */
@NullMarked
package com.example.platform.grpc.resolver;

import org.jspecify.annotations.NullMarked;
