/**
 * Composing an order step by step.
 */
@NullMarked
package com.example.order.composing;

import org.jspecify.annotations.NullMarked;
