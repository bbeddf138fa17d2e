/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.launcher.cli;

import org.jspecify.annotations.NullMarked;
