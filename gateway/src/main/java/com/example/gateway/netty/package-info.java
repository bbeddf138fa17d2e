/**
 * What is right only below Spring: request targets that pass byte for byte, and interim
 * responses. Guarded by {@code EdgeIntegrationTests}.
 */
@NullMarked
package com.example.gateway.netty;

import org.jspecify.annotations.NullMarked;
