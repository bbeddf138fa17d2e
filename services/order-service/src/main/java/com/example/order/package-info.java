/**
 * Orders: placing, watching and composing them. The gRPC API stands here because it spans
 * the features.
 */
@NullMarked
package com.example.order;

import org.jspecify.annotations.NullMarked;
