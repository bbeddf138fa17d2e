/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.launcher;

import org.jspecify.annotations.NullMarked;
