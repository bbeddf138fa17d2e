/**
 * Tests of {@link com.example.gateway.routes}.
 */
@NullMarked
package com.example.gateway.routes;

import org.jspecify.annotations.NullMarked;
