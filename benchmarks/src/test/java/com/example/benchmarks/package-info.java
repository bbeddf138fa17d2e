/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.benchmarks;

import org.jspecify.annotations.NullMarked;
