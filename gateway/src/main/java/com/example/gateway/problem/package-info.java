/**
 * The one shape of what the gateway refuses, and of what failed.
 */
@NullMarked
package com.example.gateway.problem;

import org.jspecify.annotations.NullMarked;
