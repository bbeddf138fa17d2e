/**
 * What ties the observations of one request together, over all services it passes.
 * Guarded by {@code RequestIdIntegrationTests}.
 */
@NullMarked
package com.example.platform.observability;

import org.jspecify.annotations.NullMarked;
