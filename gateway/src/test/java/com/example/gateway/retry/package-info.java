/**
 * Tests of {@link com.example.gateway.retry}.
 */
@NullMarked
package com.example.gateway.retry;

import org.jspecify.annotations.NullMarked;
