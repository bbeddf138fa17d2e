/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.user;

import org.jspecify.annotations.NullMarked;
