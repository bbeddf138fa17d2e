/**
 * Tests of {@link com.example.platform.configclient.renewal}.
 */
@NullMarked
package com.example.platform.configclient.renewal;

import org.jspecify.annotations.NullMarked;
