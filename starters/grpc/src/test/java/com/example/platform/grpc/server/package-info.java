/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.platform.grpc.server;

import org.jspecify.annotations.NullMarked;
