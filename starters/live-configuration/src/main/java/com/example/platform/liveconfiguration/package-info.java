/**
 * Configuration that changes while a service runs: immutable records, bound anew,
 * validated, and replaced together. Guarded by {@code LiveConfigurationTests}.
 */
@NullMarked
package com.example.platform.liveconfiguration;

import org.jspecify.annotations.NullMarked;
