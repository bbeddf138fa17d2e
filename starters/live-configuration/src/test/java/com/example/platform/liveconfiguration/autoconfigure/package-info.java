/**
 * Tests of {@link com.example.platform.liveconfiguration.autoconfigure}.
 */
@NullMarked
package com.example.platform.liveconfiguration.autoconfigure;

import org.jspecify.annotations.NullMarked;
