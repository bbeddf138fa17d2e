/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.platform.configrefresh.springcloud;

import org.jspecify.annotations.NullMarked;
