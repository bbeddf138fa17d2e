/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.platform.resilience;

import org.jspecify.annotations.NullMarked;
