/**
 * Tests of locks and leadership.
 */
@NullMarked
package com.example.platform.scheduling.lock;

import org.jspecify.annotations.NullMarked;
