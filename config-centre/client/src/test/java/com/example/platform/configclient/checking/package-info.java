/**
 * Tests of {@link com.example.platform.configclient.checking}.
 */
@NullMarked
package com.example.platform.configclient.checking;

import org.jspecify.annotations.NullMarked;
