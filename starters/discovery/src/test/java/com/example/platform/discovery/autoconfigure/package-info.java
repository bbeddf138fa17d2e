/**
 * Tests of {@link com.example.platform.discovery.autoconfigure}.
 */
@NullMarked
package com.example.platform.discovery.autoconfigure;

import org.jspecify.annotations.NullMarked;
