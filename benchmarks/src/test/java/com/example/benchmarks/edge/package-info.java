/**
 * Tests of {@link com.example.benchmarks.edge}.
 */
@NullMarked
package com.example.benchmarks.edge;

import org.jspecify.annotations.NullMarked;
