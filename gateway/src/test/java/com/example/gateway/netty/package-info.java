/**
 * Tests of {@link com.example.gateway.netty}.
 */
@NullMarked
package com.example.gateway.netty;

import org.jspecify.annotations.NullMarked;
