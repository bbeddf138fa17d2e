/**
 * Default properties that a starter ships and every service may override.
 */
@NullMarked
package com.example.platform.defaults;

import org.jspecify.annotations.NullMarked;
