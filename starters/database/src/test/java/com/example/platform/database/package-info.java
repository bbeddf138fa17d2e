/**
 * Tests of the package.
 */
@NullMarked
package com.example.platform.database;

import org.jspecify.annotations.NullMarked;
