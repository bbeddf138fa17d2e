/**
 * Tests of the package.
 */
@NullMarked
package com.example.platform.loadbalancing.policy;

import org.jspecify.annotations.NullMarked;
