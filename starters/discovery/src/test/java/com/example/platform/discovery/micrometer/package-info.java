/**
 * Tests of {@link com.example.platform.discovery.micrometer}.
 */
@NullMarked
package com.example.platform.discovery.micrometer;

import org.jspecify.annotations.NullMarked;
