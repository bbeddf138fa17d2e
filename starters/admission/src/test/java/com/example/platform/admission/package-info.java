/**
 * Tests of the package.
 */
@NullMarked
package com.example.platform.admission;

import org.jspecify.annotations.NullMarked;
