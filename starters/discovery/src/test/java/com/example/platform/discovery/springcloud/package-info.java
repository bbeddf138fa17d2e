/**
 * Tests of {@link com.example.platform.discovery.springcloud}.
 */
@NullMarked
package com.example.platform.discovery.springcloud;

import org.jspecify.annotations.NullMarked;
