/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.platform.web;

import org.jspecify.annotations.NullMarked;
