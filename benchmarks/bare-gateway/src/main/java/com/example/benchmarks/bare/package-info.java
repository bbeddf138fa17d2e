/**
 * Spring Cloud Gateway as it comes.
 */
@NullMarked
package com.example.benchmarks.bare;

import org.jspecify.annotations.NullMarked;
