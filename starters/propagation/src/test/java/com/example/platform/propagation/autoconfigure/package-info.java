/**
 * Tests of the package.
 */
@NullMarked
package com.example.platform.propagation.autoconfigure;

import org.jspecify.annotations.NullMarked;
