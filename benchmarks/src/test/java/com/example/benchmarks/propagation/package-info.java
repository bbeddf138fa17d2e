/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.benchmarks.propagation;

import org.jspecify.annotations.NullMarked;
