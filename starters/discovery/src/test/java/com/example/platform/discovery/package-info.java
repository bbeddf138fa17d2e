/**
 * Tests of {@link com.example.platform.discovery}.
 */
@NullMarked
package com.example.platform.discovery;

import org.jspecify.annotations.NullMarked;
