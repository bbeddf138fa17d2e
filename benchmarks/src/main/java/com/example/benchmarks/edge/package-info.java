/**
 * What the gateway costs and how fast it is.
 */
@NullMarked
package com.example.benchmarks.edge;

import org.jspecify.annotations.NullMarked;
