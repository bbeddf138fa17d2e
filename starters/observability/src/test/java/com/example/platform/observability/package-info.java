/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.platform.observability;

import org.jspecify.annotations.NullMarked;
