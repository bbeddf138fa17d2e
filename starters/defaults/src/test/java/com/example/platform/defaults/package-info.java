/**
 * Tests of {@link com.example.platform.defaults}.
 */
@NullMarked
package com.example.platform.defaults;

import org.jspecify.annotations.NullMarked;
