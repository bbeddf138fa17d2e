/**
 * Tests of {@link com.example.benchmarks.balancing}.
 */
@NullMarked
package com.example.benchmarks.balancing;

import org.jspecify.annotations.NullMarked;
