/**
 * Repeats what failed, within a budget.
 */
@NullMarked
package com.example.gateway.retry;

import org.jspecify.annotations.NullMarked;
