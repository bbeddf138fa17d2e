/**
 * What a gRPC channel and a server cost.
 */
@NullMarked
package com.example.benchmarks.path;

import org.jspecify.annotations.NullMarked;
