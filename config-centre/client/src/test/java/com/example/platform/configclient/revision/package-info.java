/**
 * Tests of {@link com.example.platform.configclient.revision}.
 */
@NullMarked
package com.example.platform.configclient.revision;

import org.jspecify.annotations.NullMarked;
