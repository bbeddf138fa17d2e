/**
 * How soon callers follow what happens to instances, clocked on real processes. Guarded
 * by {@code DelaysTests}.
 */
@NullMarked
package com.example.benchmarks.propagation;

import org.jspecify.annotations.NullMarked;
