/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.platform.test;

import org.jspecify.annotations.NullMarked;
