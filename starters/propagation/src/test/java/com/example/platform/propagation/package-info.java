/**
 * Tests of the package.
 */
@NullMarked
package com.example.platform.propagation;

import org.jspecify.annotations.NullMarked;
