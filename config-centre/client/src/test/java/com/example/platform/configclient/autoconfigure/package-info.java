/**
 * Tests of {@link com.example.platform.configclient.autoconfigure}.
 */
@NullMarked
package com.example.platform.configclient.autoconfigure;

import org.jspecify.annotations.NullMarked;
