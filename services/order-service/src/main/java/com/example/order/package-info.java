/**
 * Orders: placing, watching and composing them. Each feature has a package, with its ways
 * in over REST and gRPC; calls that last have their end in common.
 */
@NullMarked
package com.example.order;

import org.jspecify.annotations.NullMarked;
