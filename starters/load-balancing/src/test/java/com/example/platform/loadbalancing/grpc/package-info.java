/**
 * Tests of the package.
 */
@NullMarked
package com.example.platform.loadbalancing.grpc;

import org.jspecify.annotations.NullMarked;
