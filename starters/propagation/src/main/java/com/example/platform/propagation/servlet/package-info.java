/**
 * How what a request carries comes in over HTTP. Guarded by
 * {@code PropagationIntegrationTests}.
 */
@NullMarked
package com.example.platform.propagation.servlet;

import org.jspecify.annotations.NullMarked;
