/**
 * Tests of {@link com.example.platform.configclient}.
 */
@NullMarked
package com.example.platform.configclient;

import org.jspecify.annotations.NullMarked;
