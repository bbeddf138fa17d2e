/**
 * Tests of the wiring of observability.
 */
@NullMarked
package com.example.platform.observability.autoconfigure;

import org.jspecify.annotations.NullMarked;
