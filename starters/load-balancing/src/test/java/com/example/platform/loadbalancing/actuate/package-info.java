/**
 * Tests of the package.
 */
@NullMarked
package com.example.platform.loadbalancing.actuate;

import org.jspecify.annotations.NullMarked;
