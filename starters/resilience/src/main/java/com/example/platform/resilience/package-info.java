/**
 * Calls that are not worth making are not made: a circuit breaker and a bulkhead for each
 * method of each service that is called. Guarded by {@code CallGuardTests} and
 * {@code ResilienceIntegrationTests}.
 */
@NullMarked
package com.example.platform.resilience;

import org.jspecify.annotations.NullMarked;
