/**
 * Tests of the wiring of the web starter.
 */
@NullMarked
package com.example.platform.web.autoconfigure;

import org.jspecify.annotations.NullMarked;
