/**
 * Log lines for which nobody waits, and failures counted by kind. Guarded by
 * {@code NonBlockingLoggingTests} and {@code FailuresTests}.
 */
@NullMarked
package com.example.platform.logging;

import org.jspecify.annotations.NullMarked;
