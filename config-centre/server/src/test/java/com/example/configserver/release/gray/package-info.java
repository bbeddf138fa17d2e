/**
 * Tests of gray releases.
 */
@NullMarked
package com.example.configserver.release.gray;

import org.jspecify.annotations.NullMarked;
