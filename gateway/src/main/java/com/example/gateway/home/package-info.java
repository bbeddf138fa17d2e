/**
 * The page at {@code /} for developers; there only when
 * {@code platform.gateway.home-page} says so.
 */
@NullMarked
package com.example.gateway.home;

import org.jspecify.annotations.NullMarked;
