/**
 * Tests of {@link com.example.platform.discovery.registration}.
 */
@NullMarked
package com.example.platform.discovery.registration;

import org.jspecify.annotations.NullMarked;
