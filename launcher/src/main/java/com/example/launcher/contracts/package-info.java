/**
 * The contracts between services: what breaks their callers, and who these are.
 */
@NullMarked
package com.example.launcher.contracts;

import org.jspecify.annotations.NullMarked;
