/**
 * What it costs to choose an instance, and how well policies choose.
 */
@NullMarked
package com.example.benchmarks.balancing;

import org.jspecify.annotations.NullMarked;
