/**
 * Tests of {@link com.example.gateway.admission}.
 */
@NullMarked
package com.example.gateway.admission;

import org.jspecify.annotations.NullMarked;
