/**
 * Tests of watching orders.
 */
@NullMarked
package com.example.order.watching;

import org.jspecify.annotations.NullMarked;
