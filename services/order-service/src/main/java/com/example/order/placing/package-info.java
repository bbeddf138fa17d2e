/**
 * Placing, reading and cancelling orders.
 */
@NullMarked
package com.example.order.placing;

import org.jspecify.annotations.NullMarked;
