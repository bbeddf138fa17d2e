/**
 * Tests of {@link com.example.platform.configclient.keys}.
 */
@NullMarked
package com.example.platform.configclient.keys;

import org.jspecify.annotations.NullMarked;
