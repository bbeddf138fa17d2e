/**
 * Tests of {@link com.example.platform.liveconfiguration}.
 */
@NullMarked
package com.example.platform.liveconfiguration;

import org.jspecify.annotations.NullMarked;
