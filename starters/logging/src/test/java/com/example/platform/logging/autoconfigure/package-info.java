/**
 * Tests of the wiring of logging.
 */
@NullMarked
package com.example.platform.logging.autoconfigure;

import org.jspecify.annotations.NullMarked;
