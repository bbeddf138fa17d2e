/**
 * Tests of {@link com.example.platform.configprotocol}.
 */
@NullMarked
package com.example.platform.configprotocol;

import org.jspecify.annotations.NullMarked;
