/**
 * Measures the balancing policies beside those that Spring Cloud and gRPC bring.
 */
@NullMarked
package com.example.benchmarks;

import org.jspecify.annotations.NullMarked;
