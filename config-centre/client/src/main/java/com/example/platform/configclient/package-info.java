/**
 * Configuration that reloads while a service runs: immutable records, bound anew from
 * each revision, validated, and swapped all at once. Guarded by
 * {@code LiveConfigurationTests} and {@code ConfigRefresherIntegrationTests}.
 */
@NullMarked
package com.example.platform.configclient;

import org.jspecify.annotations.NullMarked;
