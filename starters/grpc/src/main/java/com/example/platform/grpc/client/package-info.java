/**
 * How calls end: deadlines, retries within a budget, hedging, by service and method, from
 * live configuration. Guarded by {@code ClientServiceConfigsTests}.
 */
@NullMarked
package com.example.platform.grpc.client;

import org.jspecify.annotations.NullMarked;
