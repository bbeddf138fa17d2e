/**
 * Tests of the package.
 */
@NullMarked
package com.example.platform.loadbalancing.autoconfigure;

import org.jspecify.annotations.NullMarked;
