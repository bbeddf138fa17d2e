/**
 * Tests of the package.
 */
@NullMarked
package com.example.platform.loadbalancing.springcloud;

import org.jspecify.annotations.NullMarked;
