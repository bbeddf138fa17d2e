/**
 * Tests of {@link com.example.platform.configclient.fetching}.
 */
@NullMarked
package com.example.platform.configclient.fetching;

import org.jspecify.annotations.NullMarked;
