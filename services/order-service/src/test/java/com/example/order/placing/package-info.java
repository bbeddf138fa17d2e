/**
 * Tests of placing orders.
 */
@NullMarked
package com.example.order.placing;

import org.jspecify.annotations.NullMarked;
