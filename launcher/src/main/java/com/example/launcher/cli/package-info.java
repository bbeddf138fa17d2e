/**
 * The commands of {@code ./dev}.
 */
@NullMarked
package com.example.launcher.cli;

import org.jspecify.annotations.NullMarked;
