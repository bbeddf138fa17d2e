/**
 * Configuration that reloads while a service runs: immutable records, bound anew from
 * each revision, validated, and swapped all at once. Guarded by
 * {@code LiveConfigurationTests} and {@code ConfigRefreshIntegrationTests}.
 */
@NullMarked
package com.example.platform.configrefresh;

import org.jspecify.annotations.NullMarked;
