/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.launcher.process;

import org.jspecify.annotations.NullMarked;
