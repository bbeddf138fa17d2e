/**
 * Tests of {@link com.example.platform.configprotocol.keys}.
 */
@NullMarked
package com.example.platform.configprotocol.keys;

import org.jspecify.annotations.NullMarked;
