/**
 * Tests of the package.
 */
@NullMarked
package com.example.platform.loadbalancing;

import org.jspecify.annotations.NullMarked;
