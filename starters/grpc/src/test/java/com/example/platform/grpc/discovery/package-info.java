/**
 * Tests of {@link com.example.platform.grpc.discovery}.
 */
@NullMarked
package com.example.platform.grpc.discovery;

import org.jspecify.annotations.NullMarked;
