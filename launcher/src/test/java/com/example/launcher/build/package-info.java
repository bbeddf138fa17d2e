/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.launcher.build;

import org.jspecify.annotations.NullMarked;
