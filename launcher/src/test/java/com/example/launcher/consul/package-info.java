/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.launcher.consul;

import org.jspecify.annotations.NullMarked;
