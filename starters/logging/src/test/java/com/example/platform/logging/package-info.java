/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.platform.logging;

import org.jspecify.annotations.NullMarked;
