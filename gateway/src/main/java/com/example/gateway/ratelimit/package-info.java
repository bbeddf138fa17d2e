/**
 * How often callers may ask, counted over all gateways.
 */
@NullMarked
package com.example.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
