/**
 * Tests of {@link com.example.configserver.history}.
 */
@NullMarked
package com.example.configserver.history;

import org.jspecify.annotations.NullMarked;
