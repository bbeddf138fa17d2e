/**
 * Tests of {@link com.example.platform.discovery.grpc}.
 */
@NullMarked
package com.example.platform.discovery.grpc;

import org.jspecify.annotations.NullMarked;
