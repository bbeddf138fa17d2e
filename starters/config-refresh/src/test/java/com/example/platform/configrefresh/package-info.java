/**
 * Tests of {@link com.example.platform.configrefresh}.
 */
@NullMarked
package com.example.platform.configrefresh;

import org.jspecify.annotations.NullMarked;
