/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.launcher.load;

import org.jspecify.annotations.NullMarked;
