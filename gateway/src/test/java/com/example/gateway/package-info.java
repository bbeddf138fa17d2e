/**
 * Tests of {@link com.example.gateway}.
 */
@NullMarked
package com.example.gateway;

import org.jspecify.annotations.NullMarked;
