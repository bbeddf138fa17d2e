/**
 * How what a request carries goes on over HTTP. Guarded by
 * {@code PropagationIntegrationTests}.
 */
@NullMarked
package com.example.platform.propagation.restclient;

import org.jspecify.annotations.NullMarked;
