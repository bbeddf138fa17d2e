/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.platform.grpc.client;

import org.jspecify.annotations.NullMarked;
