/**
 * What the same call costs over gRPC and as JSON over HTTP.
 */
@NullMarked
package com.example.benchmarks.encoding;

import org.jspecify.annotations.NullMarked;
