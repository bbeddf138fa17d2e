/**
 * Tests of {@link com.example.platform.configrefresh.autoconfigure}.
 */
@NullMarked
package com.example.platform.configrefresh.autoconfigure;

import org.jspecify.annotations.NullMarked;
