/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.launcher.postgres;

import org.jspecify.annotations.NullMarked;
