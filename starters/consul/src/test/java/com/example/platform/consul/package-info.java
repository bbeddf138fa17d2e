/**
 * Tests of {@link com.example.platform.consul}.
 */
@NullMarked
package com.example.platform.consul;

import org.jspecify.annotations.NullMarked;
