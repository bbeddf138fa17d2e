/**
 * Watching what happens to orders, on whatever instance it happens.
 */
@NullMarked
package com.example.order.watching;

import org.jspecify.annotations.NullMarked;
