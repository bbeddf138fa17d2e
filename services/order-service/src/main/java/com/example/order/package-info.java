/**
 * Orders: placing, watching and composing them. Each feature has a package, with its ways
 * in over REST and gRPC.
 */
@NullMarked
package com.example.order;

import org.jspecify.annotations.NullMarked;
