/**
 * Tests of {@link com.example.configserver.content}.
 */
@NullMarked
package com.example.configserver.content;

import org.jspecify.annotations.NullMarked;
