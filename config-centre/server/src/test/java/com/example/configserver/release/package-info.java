/**
 * Tests of the decisions about releases.
 */
@NullMarked
package com.example.configserver.release;

import org.jspecify.annotations.NullMarked;
