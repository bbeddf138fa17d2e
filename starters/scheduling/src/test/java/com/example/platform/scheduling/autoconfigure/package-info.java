/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.platform.scheduling.autoconfigure;

import org.jspecify.annotations.NullMarked;
