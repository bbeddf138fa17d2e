/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.launcher.configserver;

import org.jspecify.annotations.NullMarked;
