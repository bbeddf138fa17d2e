/**
 * Tests of {@link com.example.configserver}.
 */
@NullMarked
package com.example.configserver;

import org.jspecify.annotations.NullMarked;
