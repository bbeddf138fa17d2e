/**
 * Tests of {@link com.example.platform.consul.autoconfigure}.
 */
@NullMarked
package com.example.platform.consul.autoconfigure;

import org.jspecify.annotations.NullMarked;
